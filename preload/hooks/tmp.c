/*
 * Temporary names: mkstemp and its family, mkdtemp, mktemp, tempnam, tmpnam. libc makes the file with a
 * call of its own, so these are implemented here over the view. Names carry 6 of 62 letters from
 * getrandom(2); an existing name is never opened (O_EXCL), whoever made it.
 */
#include "compose.h"

#define TRIES 238328 /* 62^3, glibc's limit */

/* Not for secrets: it only has to make collisions rare; O_EXCL is what keeps others out. */
static uint64_t random_bits(void)
{
	uint64_t v;

	if (tf_sys(SYS_getrandom, &v, sizeof(v), 1 /* GRND_NONBLOCK */) == sizeof(v))
		return v;
	struct timespec {
		long sec, nsec;
	} ts = {0, 0};

	tf_sys(SYS_clock_gettime, 1, &ts);
	v = (uint64_t)ts.nsec * 6364136223846793005u + (uint64_t)tf_sys(SYS_getpid) + (uintptr_t)&v;
	return v ^ v >> 29;
}

static int attempt(const char *path, int flags, enum tf_tmp what, mode_t mode)
{
	struct stat st;
	int r;

	if (what == TF_TMP_FILE)
		return tf_rt_openat(AT_FDCWD, path,
		                    (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, mode);
	if (what == TF_TMP_DIR)
		return (int)tf_call_at(SYS_mkdirat, AT_FDCWD, path,
		                       TF_HOW_NOFOLLOW | TF_HOW_MODIFY | TF_HOW_CREATE,
		                       TF_ARGS(mode));
	r = tf_rt_fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW);
	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : -EEXIST;
}

int tf_tmp_make(char *template, int suffix_len, int flags, enum tf_tmp what, mode_t mode)
{
	static const char letters[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t len = strlen(template);
	char *x;

	if (suffix_len < 0 || len < (size_t)suffix_len + 6)
		return -EINVAL;
	x = template + len - (size_t)suffix_len - 6;
	for (int i = 0; i < 6; i++)
		if (x[i] != 'X')
			return -EINVAL;
	for (int n = 0; n < TRIES; n++) {
		uint64_t v = random_bits();
		int r;

		for (int i = 0; i < 6; i++, v /= 62)
			x[i] = letters[v % 62];
		r = attempt(template, flags, what, mode);
		if (r != -EEXIST)
			return r;
	}
	return -EEXIST;
}

TF_EXPORT int mkostemps(char *template, int suffix_len, int flags)
{
	if (!tf_rt_view())
		return TF_REAL(mkostemps)(template, suffix_len, flags);
	return (int)tf_rt_ret(tf_tmp_make(template, suffix_len, flags, TF_TMP_FILE, 0600));
}

TF_EXPORT int mkstemps(char *template, int suffix_len)
{
	return mkostemps(template, suffix_len, 0);
}

TF_EXPORT int mkostemp(char *template, int flags)
{
	return mkostemps(template, 0, flags);
}

TF_EXPORT int mkstemp(char *template)
{
	return mkostemps(template, 0, 0);
}

TF_TWIN(mkostemps64, mkostemps);
TF_TWIN(mkstemps64, mkstemps);
TF_TWIN(mkostemp64, mkostemp);
TF_TWIN(mkstemp64, mkstemp);

TF_EXPORT char *mkdtemp(char *template)
{
	int r;

	if (!tf_rt_view())
		return TF_REAL(mkdtemp)(template);
	r = tf_tmp_make(template, 0, 0, TF_TMP_DIR, 0700);
	return r < 0 ? tf_null(r) : template;
}

TF_EXPORT char *mktemp(char *template)
{
	int r;

	if (!tf_rt_view())
		return TF_REAL(mktemp)(template);
	r = tf_tmp_make(template, 0, 0, TF_TMP_NAME, 0);
	if (r < 0) {
		tf_rt_set_errno(-r);
		template[0] = 0;
	}
	return template;
}

static int is_dir(const char *path)
{
	struct stat st;

	return path && *path && tf_rt_fstatat(AT_FDCWD, path, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

TF_EXPORT char *tempnam(const char *dir, const char *prefix)
{
	const char *where = tf_compose_getenv("TMPDIR");
	size_t dir_len, prefix_len = prefix ? strlen(prefix) : 0;
	char *name;
	int r;

	if (!tf_rt_view())
		return TF_REAL(tempnam)(dir, prefix);
	if (!is_dir(where))
		where = is_dir(dir) ? dir : "/tmp";
	if (!prefix_len) {
		prefix = "file";
		prefix_len = 4;
	} else if (prefix_len > 5) {
		prefix_len = 5;
	}
	dir_len = strlen(where);
	name = malloc(dir_len + 1 + prefix_len + 7);
	if (!name)
		return NULL;
	memcpy(name, where, dir_len);
	name[dir_len] = '/';
	memcpy(name + dir_len + 1, prefix, prefix_len);
	memcpy(name + dir_len + 1 + prefix_len, "XXXXXX", 7);
	r = tf_tmp_make(name, 0, 0, TF_TMP_NAME, 0);
	if (r < 0) {
		free(name);
		return tf_null(r);
	}
	return name;
}

TF_EXPORT char *tmpnam_r(char buf[L_tmpnam])
{
	static const char pattern[] = "/tmp/fileXXXXXX";
	int r;

	if (!tf_rt_view())
		return TF_REAL(tmpnam_r)(buf);
	if (!buf)
		return NULL;
	memcpy(buf, pattern, sizeof(pattern));
	r = tf_tmp_make(buf, 0, 0, TF_TMP_NAME, 0);
	return r < 0 ? tf_null(r) : buf;
}

TF_EXPORT char *tmpnam(char buf[L_tmpnam])
{
	static char own[L_tmpnam];

	if (!tf_rt_view())
		return TF_REAL(tmpnam)(buf);
	return tmpnam_r(buf ? buf : own);
}
