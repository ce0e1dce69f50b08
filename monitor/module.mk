# The supervisor: part of `turf`, and of the unit tests. No rules of its own.
monitor_src := $(wildcard monitor/*.c)
