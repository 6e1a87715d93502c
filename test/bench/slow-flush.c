/* A disk whose flush takes at least so long: the ranking of designs turns over between a fast and a slow one.
   TENURE_BENCH_FLUSH_US: microseconds of one fsync or fdatasync, the real one included. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int flush(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  struct timespec begun, now, rest;
  clock_gettime(CLOCK_MONOTONIC, &begun);
  int result = real(fd);
  const char *text = getenv("TENURE_BENCH_FLUSH_US");
  clock_gettime(CLOCK_MONOTONIC, &now);
  long long left = (text ? atoll(text) * 1000LL : 0) -
                   ((now.tv_sec - begun.tv_sec) * 1000000000LL + (now.tv_nsec - begun.tv_nsec));
  if (left > 0) {
    rest.tv_sec = left / 1000000000LL;
    rest.tv_nsec = left % 1000000000LL;
    nanosleep(&rest, NULL);
  }
  return result;
}

int fsync(int fd) { return flush("fsync", fd); }
int fdatasync(int fd) { return flush("fdatasync", fd); }
