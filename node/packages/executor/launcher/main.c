/* The loop. Pipes are read first, then requests, then exits: no event of a batch can meet memory that was freed in it. */
#include "launcher.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, FAREWELL_MS = 1000 };
struct script *scripts;
bool closing;
int epoll_fd = -1;

int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void *must_alloc(void *old, size_t size) {
  void *block = realloc(old, size ? size : 1);
  if (!block) abort(); /* every script dies with us, by PR_SET_PDEATHSIG */
  return block;
}

static struct script *script_of_id(uint32_t id) {
  struct script *s = scripts;
  while (s && s->id != id) s = s->next;
  return s;
}

void greet(void) {
  frame_begin(READY);
  put_u32(PROTOCOL_VERSION);
  put_u32((uint32_t)getpid());
  put_u32(tree_contained());
  put_u32(TELLS_OWNERS | KEEPS_WAITING);
  frame_end(AT_ONCE);
}

/* HELLO: version, 1 from a successor; then the mark, the place where a successor would look for us, the shared environment. */
static void hello(struct request_reader r) {
  take_u32(&r); /* the engine's protocol version: it decides whether it likes ours */
  bool successor = take_u32(&r) != 0;
  const char *mark = take_string(&r), *place = take_string(&r);
  environment_set(r, successor ? NULL : mark);
  if (successor) adopt_list();
  else {
    if (place && *place) adopt_offer(place);
    greet();
  }
}

static void withdraw(struct request_reader r) {
  while (r.end - r.at >= 4) waiting_withdraw(take_u32(&r));
}

/* TERMINATE: id, grace, reason. One that waits is not started; one that is not known ended while the request was on its way. */
static void terminate(struct request_reader r) {
  uint32_t id = take_u32(&r), grace_ms = take_u32(&r), reason = take_u32(&r);
  struct script *s = waiting_withdraw(id) ? NULL : script_of_id(id);
  if (!s) return;
  if (!s->reason) s->reason = reason;
  script_terminate(s, grace_ms);
}

/* FOLLOW: id, 1 or 0. */
static void follow(struct request_reader r) {
  uint32_t id = take_u32(&r);
  bool wanted = take_u32(&r) != 0;
  struct script *s = script_of_id(id);
  if (s) script_follow(s, wanted);
  else waiting_follow(id, wanted);
}

static void handle(uint32_t type, struct request_reader r) {
  if (type == HELLO) hello(r);
  else if (type == START) {
    if (!waiting_take(r)) script_start(r);
  } else if (type == WITHDRAW) withdraw(r);
  else if (type == TERMINATE) terminate(r);
  else if (type == FOLLOW) follow(r);
  else if (type == FORGET) adopt_forget(r);
  else if (type == LOST) adopt_remember_lost(r);
  else if (type == RESUME) adopt_resume();
  else if (type == OWNER) owner_tell(r);
  else if (type == CLOSE) close_down();
  else if (type == DEADLINE) fence_set(r);
}

/* The engine wants us to go, or is gone for good: everything dies now, even what belongs to nobody. */
void close_down(void) {
  if (closing) return;
  closing = true;
  adopt_withdraw();
  waiting_end(STAGE_WITHDRAWN);
  if (engine_in >= 0) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, engine_in, NULL);
  for (struct script *s = scripts; s; s = s->next) script_kill(s);
}

static int sooner(int timeout, int64_t at_ms, int64_t now_ms) {
  int64_t left = at_ms > now_ms ? at_ms - now_ms : 0;
  return timeout < 0 || left < timeout ? (int)left : timeout;
}

static int until_next_deadline(void) {
  int64_t now = now_us() / 1000, due = frames_due_ms();
  int timeout = due ? sooner(-1, due, now) : -1;
  for (struct script *s = scripts; s; s = s->next)
    if (s->kill_at_ms && !s->killing) timeout = sooner(timeout, s->kill_at_ms, now);
  return timeout;
}

void listen_to(int fd) {
  struct epoll_event e = {.events = EPOLLIN, .data.u64 = (uint64_t)fd};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
}

/* All signals stay blocked, so that TERM, INT, HUP and PIPE do nothing here, yet are not inherited as ignored. */
static int setup(void) {
  sigset_t all, child;
#ifdef SYS_close_range
  syscall(SYS_close_range, 3, ~0U, 0); /* what the engine's own parents leaked is no business of scripts */
#endif
  for (int n = 1; n < NSIG; n++) signal(n, SIG_DFL);
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  sigemptyset(&child), sigaddset(&child, SIGCHLD);
  int child_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK), fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
  engine_attach(STDIN_FILENO, STDOUT_FILENO);
  listen_to(child_fd);
  tree_init();
  waiting_init();
  return child_fd;
}

int main(void) {
  struct epoll_event events[EVENTS];
  struct signalfd_siginfo ignored[16];
  int64_t leave_at_ms = 0;
  int child_fd = setup(), timer_fd = fence_init();
  for (;;) {
    int timeout = until_next_deadline();
    int n = epoll_wait(epoll_fd, events, EVENTS, closing && (timeout < 0 || timeout > 50) ? 50 : timeout);
    bool input = false, exits = false, room = false, alarm = false, knock = false;
    for (int i = 0; i < n; i++) {
      /* Small numbers are descriptors of ours, everything else is a stream. */
      if (events[i].data.u64 == (uint64_t)engine_in) input = true;
      else if (events[i].data.u64 == (uint64_t)child_fd) exits = true;
      else if (events[i].data.u64 == (uint64_t)engine_out) room = true;
      else if (events[i].data.u64 == (uint64_t)adopt_fd) knock = true;
      else if (events[i].data.u64 == (uint64_t)timer_fd) alarm = true;
      else stream_read(events[i].data.ptr);
    }
    if (input && requests_read(handle) == 0) adopt_engine_left();
    if (knock) adopt_accept(); /* after the end of the engine before */
    script_kill_overdue();
    if (exits) while (read(child_fd, ignored, sizeof ignored) > 0) {}
    if (exits || alarm || closing || n == 0) reap_all();
    if (alarm) fence_enforce();
    waiting_start();
    if (engine_in < 0 && adopt_pointless()) close_down();
    int64_t now = now_us() / 1000, due = frames_due_ms();
    if (room || frames_urgent() || (due && now >= due)) {
      if (!frames_flush() && adopt_fd < 0) close_down();
    }
    if (closing && !scripts && tree_empty()) {
      if (!leave_at_ms) leave_at_ms = now + FAREWELL_MS;
      if (!frames_waiting() || now >= leave_at_ms) return 0;
    }
  }
}
