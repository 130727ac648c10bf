/*
 * The deadline that the engine renews with its lease. It is kept on CLOCK_BOOTTIME, which goes on while the machine sleeps, and needs
 * nobody: an engine that hangs or is stopped cannot keep its scripts alive past its lease. Without a deadline ever set nothing is fenced.
 */
#include "launcher.h"
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static clockid_t clock_id = CLOCK_BOOTTIME;
static int timer_fd = -1;
static int64_t deadline_us; /* 0: none was ever set */
bool fenced;

int64_t boot_us(void) {
  struct timespec t;
  clock_gettime(clock_id, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int fence_init(void) {
  timer_fd = timerfd_create(clock_id, TFD_CLOEXEC | TFD_NONBLOCK);
  if (timer_fd < 0) timer_fd = timerfd_create(clock_id = CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  struct epoll_event e = {.events = EPOLLIN, .data.u64 = (uint64_t)timer_fd};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &e);
  return timer_fd;
}

bool fence_set_ever(void) { return deadline_us != 0; }

bool fence_passed(int64_t at_boot_us) { return deadline_us && at_boot_us >= deadline_us; }

/* DEADLINE: ms of CLOCK_MONOTONIC, which engine and launcher share: a request that took long to get here prolongs nothing. */
void fence_set(struct request_reader r) {
  int64_t left_us = (int64_t)(take_f64(&r) * 1000) - now_us();
  deadline_us = boot_us() + left_us;
  if (deadline_us <= 0) deadline_us = 1;
  struct itimerspec when = {.it_value = {.tv_sec = deadline_us / 1000000, .tv_nsec = deadline_us % 1000000 * 1000}};
  timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
  if (left_us > 0) fenced = false;
}

/* The timer went off. A deadline that was renewed meanwhile counts, and scripts that have exited by themselves were not fenced. */
void fence_enforce(void) {
  uint64_t ignored;
  if (read(timer_fd, &ignored, sizeof ignored) < 0 || !fence_passed(boot_us())) return;
  fenced = true;
  waiting_end(STAGE_FENCED); /* as a start is refused from now on: the engine learns of the deadline by the first of them */
  for (struct script *s = scripts; s; s = s->next) {
    if (!s->exited) s->fenced = true;
    script_kill(s);
  }
  tree_sweep();
}
