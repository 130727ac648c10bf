/*
 * Outliving the engine. A launcher that may be adopted goes on without an engine until its deadline, and keeps each account of an exit until an engine says that it
 * is recorded. A successor connects to `launcher.sock` in the engine's place, says HELLO, is told of all that there is, and hears of exits once it says RESUME.
 */
#include "launcher.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* What is known of an attempt that has ended; `frame` is its EXITED, or NULL if it was lost with a launcher before us. */
struct held {
  struct held *next;
  uint32_t id, reason;
  double lasted_us;
  char *attempt_key, *output_path, *frame;
  size_t length;
};

static const char SOCKET[] = "launcher.sock";
static struct held *first, **last = &first;
static size_t kept; /* of those, the ones with a frame */
static int place_fd = -1;
static struct stat ours;
int adopt_fd = -1;
bool delivering = true;

/* The path of a socket has room for 107 bytes, that of a directory may be longer. */
static struct sockaddr_un address(void) {
  struct sockaddr_un a = {.sun_family = AF_UNIX};
  snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/%s", place_fd, SOCKET);
  return a;
}

/* The place belongs to our engine, by its lock: a socket that is there is a dead launcher's. Without a socket we end with our engine. */
void adopt_offer(const char *directory) {
  place_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (place_fd < 0) return;
  unlinkat(place_fd, SOCKET, 0);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  struct sockaddr_un a = address();
  if (fd < 0) return;
  if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0 || listen(fd, 8) < 0 || fstatat(place_fd, SOCKET, &ours, AT_SYMLINK_NOFOLLOW) < 0) {
    close(fd);
    return;
  }
  listen_to(adopt_fd = fd);
}

/* Nobody can come any more. The name may be another launcher's by now. */
void adopt_withdraw(void) {
  struct stat now;
  if (adopt_fd < 0) return;
  if (fstatat(place_fd, SOCKET, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_ino == ours.st_ino && now.st_dev == ours.st_dev)
    unlinkat(place_fd, SOCKET, 0);
  close(adopt_fd);
  adopt_fd = -1;
}

/* One engine at a time, and only of our own user. */
void adopt_accept(void) {
  int fd = accept4(adopt_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (fd < 0) return;
  bool welcome = engine_in < 0 && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
  int out = welcome ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
  if (out < 0) {
    close(fd);
    return;
  }
  engine_attach(fd, out);
  delivering = false;
  greet();
}

static void put_known(uint32_t id, pid_t pid, uint64_t start_ticks, double lasted_us, uint32_t reason, enum known_state state, const char *key, const char *output) {
  frame_begin(KNOWN);
  put_u32(id);
  put_u32((uint32_t)pid);
  put_f64((double)start_ticks);
  put_f64(lasted_us);
  put_u32(reason);
  put_u32(state);
  put_bytes(key, strlen(key) + 1);
  put_bytes(output, strlen(output) + 1);
  frame_end(AT_ONCE);
}

/* To a successor that said HELLO: whatever runs, whatever has ended and is not forgotten, then the highest number given and the mark. */
void adopt_list(void) {
  int64_t now = now_us();
  delivering = false;
  for (struct script *s = scripts; s; s = s->next) {
    s->follow = false;
    put_known(s->id, s->pid, s->start_ticks, (double)(now - s->started_us), s->reason, RUNNING, s->attempt_key, s->output_path);
  }
  for (struct held *h = first; h; h = h->next)
    put_known(h->id, 0, 0, h->lasted_us, h->reason, h->frame ? ENDED : LOST_BEFORE, h->attempt_key, h->output_path);
  frame_begin(LISTED);
  put_u32(last_id);
  put_bytes(mark_prefix, strlen(mark_prefix) + 1);
  frame_end(AT_ONCE);
}

/* The successor knows what it takes over: it hears of what has ended since, and before. */
void adopt_resume(void) {
  if (delivering) return;
  delivering = true;
  for (struct held *h = first; h; h = h->next) {
    if (!h->frame) continue;
    put_bytes(h->frame, h->length);
  }
  frames_urge();
}

static void hold(struct held h) {
  *last = must_alloc(NULL, sizeof h);
  **last = h;
  last = &(*last)->next;
  if (h.frame) kept++;
}

/* Its EXITED was just ended: a copy is kept, and it goes out only to an engine that is ready to hear it. */
void adopt_hold(const struct script *s) {
  const char *bytes;
  if (adopt_fd < 0) return;
  size_t length = frame_last(&bytes);
  hold((struct held){.id = s->id, .reason = s->reason, .lasted_us = (double)(s->ended_us - s->started_us), .length = length,
                     .attempt_key = kept_string(s->attempt_key), .output_path = kept_string(s->output_path),
                     .frame = memcpy(must_alloc(NULL, length), bytes, length)});
  if (!delivering || engine_in < 0) frame_undo();
}

/* LOST: id, attempt key, output path, of an attempt that the launcher before us had. */
void adopt_remember_lost(struct request_reader r) {
  uint32_t id = take_u32(&r);
  const char *key = take_string(&r), *output = take_string(&r);
  if (id > last_id) last_id = id;
  if (adopt_fd >= 0 && output) hold((struct held){.id = id, .attempt_key = kept_string(key), .output_path = kept_string(output)});
}

static void forget(uint32_t id) {
  for (struct held **at = &first, *h; (h = *at); at = &h->next)
    if (h->id == id) {
      *at = h->next;
      if (!h->next) last = at;
      if (h->frame) kept--;
      free(h->attempt_key), free(h->output_path), free(h->frame), free(h);
      return;
    }
}

/* FORGET: ids whose outcomes are in the database, or wanted by nobody. Mostly in the order in which they were held. */
void adopt_forget(struct request_reader r) {
  while (r.end - r.at >= 4) forget(take_u32(&r));
}

/* The engine's requests have ended. Without a deadline nobody would end us; with one, whoever comes in time finds everything. */
void adopt_engine_left(void) {
  if (adopt_fd < 0 || !fence_set_ever()) {
    close_down();
    return;
  }
  waiting_drop();
  engine_detach();
  delivering = false;
  for (struct script *s = scripts; s; s = s->next) s->follow = false;
}

bool adopt_pointless(void) { return fence_passed(boot_us()) || (!scripts && !kept); }
