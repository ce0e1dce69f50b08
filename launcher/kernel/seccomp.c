/*
 * Makes classic BPF from the rules of seccomp_rules.c, and installs it. Knows no policy.
 *
 * The program is written from its end to its beginning: then every jump's target is already there, and a jump
 * that is too far for 8 bits gets a long jump (JA) in front of it. What runs in the child (tf_seccomp_enter) is
 * one system call.
 */
#include "seccomp.h"
#include "seccomp_rules.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define X32_BIT 0x40000000u
#define NO_CALL 0xffffffffu
#define MAX_SEGMENTS 256
#define MAX_ANSWERS 16
#define NEAR 200 /* instructions; leaves room for what comes between */

/* Numbers from first to the next segment's first get one answer: a constant, or a rule's clauses. */
struct segment {
	uint32_t first;
	uint32_t verdict;
	const struct tf_seccomp_rule *rule;
};

/* A label is an index into insn; the program fills it from the end. */
struct builder {
	struct sock_filter *insn;
	unsigned int pos;
	uint32_t when;
	int is_full;
	struct segment segment[MAX_SEGMENTS];
	unsigned int nsegments;
	struct {
		uint32_t verdict;
		unsigned int label; /* the last one written */
	} answer[MAX_ANSWERS];
	unsigned int nanswers;
};

static unsigned int emit(struct builder *b, uint16_t code, unsigned int jt, unsigned int jf,
                         uint32_t k)
{
	if (!b->pos) {
		b->is_full = 1;
		return 0;
	}
	b->insn[--b->pos] = (struct sock_filter){code, (uint8_t)jt, (uint8_t)jf, k};
	return b->pos;
}

/* A label that the next instruction can reach with 8 bits, when at most one more comes between. */
static unsigned int reachable(struct builder *b, unsigned int label)
{
	if (label - b->pos < 255)
		return label;
	return emit(b, BPF_JMP | BPF_JA, 0, 0, label - b->pos);
}

static unsigned int jump(struct builder *b, uint16_t op, uint32_t k, unsigned int yes,
                         unsigned int no)
{
	yes = reachable(b, yes);
	no = reachable(b, no);
	return emit(b, BPF_JMP | BPF_K | op, yes - b->pos, no - b->pos, k);
}

/* An answer; one that stands near enough is used again. */
static unsigned int answer(struct builder *b, uint32_t verdict)
{
	unsigned int i = 0;

	while (i < b->nanswers && b->answer[i].verdict != verdict)
		i++;
	if (i < b->nanswers && b->answer[i].label - b->pos < NEAR)
		return b->answer[i].label;
	if (i == MAX_ANSWERS) {
		b->is_full = 1;
		return 0;
	}
	if (i == b->nanswers)
		b->nanswers++;
	b->answer[i].verdict = verdict;
	b->answer[i].label = emit(b, BPF_RET | BPF_K, 0, 0, verdict);
	return b->answer[i].label;
}

static unsigned int load(struct builder *b, size_t offset)
{
	return emit(b, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static unsigned int condition(struct builder *b, const struct tf_seccomp_cond *c, unsigned int yes,
                              unsigned int no)
{
	if (c->is_not && !c->value && c->mask != 0xffffffffu) {
		jump(b, BPF_JSET, c->mask, yes, no);
	} else {
		jump(b, BPF_JEQ, c->value, c->is_not ? no : yes, c->is_not ? yes : no);
		if (c->mask != 0xffffffffu)
			emit(b, BPF_ALU | BPF_AND | BPF_K, 0, 0, c->mask);
	}
	/* Little-endian: the low half of an argument comes first. */
	return load(b, offsetof(struct seccomp_data, args) + 4 * (size_t)c->word);
}

static int applies(const struct builder *b, const struct tf_seccomp_clause *clause)
{
	return !clause->when || (clause->when & b->when);
}

static unsigned int clauses(struct builder *b, const struct tf_seccomp_rule *rule)
{
	unsigned int next = answer(b, rule->verdict);

	for (unsigned int i = rule->nclauses; i-- > 0;) {
		const struct tf_seccomp_clause *clause = &rule->clause[i];
		unsigned int label;

		if (!applies(b, clause))
			continue;
		label = answer(b, clause->verdict);
		for (unsigned int j = clause->nconds; j-- > 0;)
			label = condition(b, &clause->cond[j], label, next);
		next = label;
	}
	return next;
}

static uint32_t end_of(const struct builder *b, unsigned int high)
{
	return high < b->nsegments ? b->segment[high].first : TF_SECCOMP_LAST_KNOWN + 1;
}

/*
 * Where to cut segments low to high: near the middle of their numbers, not of their count. At installation the kernel
 * runs the filter once for every number, and most numbers lie in a few wide segments (about 10 ns a step).
 */
static unsigned int middle_of(const struct builder *b, unsigned int low, unsigned int high)
{
	uint32_t sum = b->segment[low].first + end_of(b, high);
	unsigned int middle = low + 1;

	while (middle + 1 < high && b->segment[middle].first + b->segment[middle + 1].first < sum)
		middle++;
	return middle;
}

/* Binary search; the accumulator holds the call's number. */
static unsigned int search(struct builder *b, unsigned int low, unsigned int high)
{
	const struct segment *s = &b->segment[low];
	unsigned int middle, left, right;

	if (high - low == 1)
		return s->rule ? clauses(b, s->rule) : answer(b, s->verdict);
	middle = middle_of(b, low, high);
	right = search(b, middle, high);
	left = search(b, low, middle);
	return jump(b, BPF_JGE, b->segment[middle].first, right, left);
}

static void add_segment(struct builder *b, uint32_t first, uint32_t verdict,
                        const struct tf_seccomp_rule *rule)
{
	const struct segment *last = b->nsegments ? &b->segment[b->nsegments - 1] : NULL;

	if (last && !rule && !last->rule && last->verdict == verdict)
		return; /* the same answer goes on */
	if (b->nsegments == MAX_SEGMENTS) {
		b->is_full = 1;
		return;
	}
	b->segment[b->nsegments++] = (struct segment){first, verdict, rule};
}

/* A rule whose clauses say nothing in this run, or the same whatever the arguments are, is a constant: the
 * kernel then need not run the filter. */
static void add_rule(struct builder *b, const struct tf_seccomp_rule *rule)
{
	for (unsigned int i = 0; i < rule->nclauses; i++) {
		const struct tf_seccomp_clause *clause = &rule->clause[i];

		if (!applies(b, clause))
			continue;
		if (clause->nconds)
			add_segment(b, rule->first, 0, rule);
		else
			add_segment(b, rule->first, clause->verdict, NULL);
		return;
	}
	add_segment(b, rule->first, rule->verdict, NULL);
}

static void add_rules(struct builder *b)
{
	uint32_t next = 0;

	for (unsigned int i = 0; i < tf_seccomp_nrules; i++) {
		const struct tf_seccomp_rule *rule = &tf_seccomp_rules[i];

		if (rule->first > next)
			add_segment(b, next, SECCOMP_RET_ALLOW, NULL);
		add_rule(b, rule);
		next = rule->last + 1;
	}
	add_segment(b, X32_BIT, SECCOMP_RET_KILL_PROCESS, NULL);
	/* -1 is no x32 call but "none": a tracer inside writes it to skip a call, and the kernel then answers
	 * what the tracer put there. */
	add_segment(b, NO_CALL, SECCOMP_RET_ALLOW, NULL);
}

/* In front of the search: which system call table this is, before any number is believed. */
static void add_head(struct builder *b)
{
	unsigned int number = load(b, offsetof(struct seccomp_data, nr));
	unsigned int kill = answer(b, SECCOMP_RET_KILL_PROCESS);

	jump(b, BPF_JEQ, AUDIT_ARCH_X86_64, number, kill);
	load(b, offsetof(struct seccomp_data, arch));
}

static uint32_t when_bits(const struct tf_seccomp_opts *opts)
{
	static const uint32_t network[] = {TF_WHEN_NET_NONE, TF_WHEN_NET_HOST, TF_WHEN_NET_LIST};
	uint32_t bits = network[opts->network];

	bits |= opts->may_unix ? TF_WHEN_UNIX : TF_WHEN_NO_UNIX;
	/* Sockets by name listen too, and the filter cannot tell which kind a descriptor is. */
	if (bits == (TF_WHEN_NET_LIST | TF_WHEN_NO_UNIX) && opts->is_connect_only)
		bits |= TF_WHEN_CONNECT_ONLY;
	return bits;
}

int tf_seccomp_build(const struct tf_seccomp_opts *opts, struct tf_seccomp *ret)
{
	struct sock_filter insn[TF_SECCOMP_MAX_INSNS];
	struct builder b;

	if (opts->network < 0 || opts->network > 2)
		return -EINVAL;
	b.insn = insn;
	b.pos = TF_SECCOMP_MAX_INSNS;
	b.when = when_bits(opts);
	b.is_full = 0;
	b.nsegments = 0;
	b.nanswers = 0;
	add_rules(&b);
	if (!b.is_full) {
		search(&b, 0, b.nsegments);
		add_head(&b);
	}
	if (b.is_full)
		return -E2BIG;
	ret->len = (unsigned short)(TF_SECCOMP_MAX_INSNS - b.pos);
	memcpy(ret->insn, insn + b.pos, ret->len * sizeof(insn[0]));
	return 0;
}

int tf_seccomp_enter(const struct tf_seccomp *filter)
{
	/* The kernel only reads the program. */
	struct sock_fprog prog = {filter->len, (struct sock_filter *)(uintptr_t)filter->insn};

	/* No SPEC_ALLOW: whether speculation is held back is the host's choice, not turf's. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0 ? -errno : 0;
}

int tf_seccomp_is_there(void)
{
	uint32_t kill = SECCOMP_RET_KILL_PROCESS; /* 4.14; the last of the actions in use to come */

	/* The program is copied in before anything else is looked at: EFAULT says that filters are there. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) != -1 || errno != EFAULT)
		return 0;
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill) == 0;
}
