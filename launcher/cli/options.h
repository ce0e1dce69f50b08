/*
 * The command line of `turf run`: reads options by the one table (plan/settings.h).
 */
#ifndef TURF_CLI_OPTIONS_H
#define TURF_CLI_OPTIONS_H

#include "../plan/settings.h"

/*
 * Reads the options in argv[1..argc-1] (argv[0] is the command's name) up to "--" or the first word that is
 * no option. *ret_rest: the index of what follows, with "--" skipped.
 *
 * Call it twice: with set NULL it checks the form only and finds --profile (*ret_profile: its value, else NULL);
 * after the profile was applied, with set it applies the options, so that they win. Texts stay in argv.
 *
 * Returns 1 when "--" was there, 0 when not, -errno with err (E_OPTION with a suggestion, E_USAGE, E_VALUE, ...).
 */
int tf_options_parse(int argc, char **argv, struct tf_settings *set, const char **ret_profile,
                     int *ret_rest, struct tf_err *err);

/* Whether --help or -h stands among the options (and is no option's value, nor after "--"). */
int tf_options_wants_help(int argc, char **argv);

#endif
