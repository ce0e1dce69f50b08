/*
 * An interpreter of the classic BPF that seccomp takes, for tests: strict where the kernel is (every jump inside
 * the program, loads aligned and inside struct seccomp_data), and it counts instructions.
 */
#ifndef TURF_TESTS_BPF_RUN_H
#define TURF_TESTS_BPF_RUN_H

#include <check.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bpf_result {
	uint32_t verdict;
	unsigned int steps;
	int has_read_args;
};

static inline uint32_t bpf_load(const struct seccomp_data *data, uint32_t k)
{
	uint32_t word;

	ck_assert_msg(k % 4 == 0 && k + 4 <= sizeof(*data), "load at %u", k);
	memcpy(&word, (const char *)data + k, 4);
	return word;
}

static inline int bpf_test(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_JEQ:
		return a == k;
	case BPF_JGE:
		return a >= k;
	case BPF_JGT:
		return a > k;
	case BPF_JSET:
		return (a & k) != 0;
	}
	ck_abort_msg("jump %#x", op);
	return 0;
}

static inline struct bpf_result bpf_run(const struct sock_filter *insn, unsigned int len,
                                        const struct seccomp_data *data)
{
	struct bpf_result r = {0, 0, 0};
	uint32_t a = 0;

	for (unsigned int pc = 0;; pc++) {
		const struct sock_filter *i = &insn[pc];

		ck_assert_msg(pc < len, "runs off the end: %u of %u", pc, len);
		r.steps++;
		if (i->code == (BPF_RET | BPF_K)) {
			r.verdict = i->k;
			return r;
		}
		if (i->code == (BPF_LD | BPF_W | BPF_ABS)) {
			a = bpf_load(data, i->k);
			r.has_read_args |= i->k >= offsetof(struct seccomp_data, args);
		} else if (i->code == (BPF_ALU | BPF_AND | BPF_K)) {
			a &= i->k;
		} else if (i->code == (BPF_JMP | BPF_JA)) {
			pc += i->k;
		} else {
			ck_assert_msg((i->code & ~0xf0) == (BPF_JMP | BPF_K), "code %#x", i->code);
			pc += bpf_test(i->code & 0xf0, a, i->k) ? i->jt : i->jf;
		}
	}
}

#endif
