#pragma once
/* Linux 3.17, glibc 2.27; the headers declare it for _GNU_SOURCE only. */
extern int memfd_create(const char *name, unsigned int flags);
static const unsigned int CLOSE_ON_EXEC = 1U;
