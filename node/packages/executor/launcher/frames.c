/* Frames: a 32-bit little-endian length, then a type byte, then the body. Bodies are little-endian and unaligned. */
#include "launcher.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

int engine_in = STDIN_FILENO, engine_out = STDOUT_FILENO;
static char *out; /* frames that the engine has not taken yet */
static size_t out_len, out_size, out_sent, frame_at;
static bool urgent, waiting_for_room, deaf;
static int64_t due_ms; /* when what is not urgent is to go out; 0: there is nothing */
static char *in;
static size_t in_len, in_size;

uint32_t take_u32(struct request_reader *r) {
  uint32_t value = 0;
  if (r->end - r->at >= 4) memcpy(&value, r->at, 4), r->at += 4;
  return value;
}

double take_f64(struct request_reader *r) {
  double value = 0;
  if (r->end - r->at >= 8) memcpy(&value, r->at, 8), r->at += 8;
  return value;
}

/* The next NUL-terminated string, in place; NULL at the end of the frame. */
char *take_string(struct request_reader *r) {
  const char *nul = r->at < r->end ? memchr(r->at, 0, (size_t)(r->end - r->at)) : NULL;
  if (!nul) return NULL;
  char *string = (char *)r->at;
  r->at = nul + 1;
  return string;
}

char *kept_string(const char *s) {
  size_t size = s ? strlen(s) + 1 : 1;
  return memcpy(must_alloc(NULL, size), s ? s : "", size);
}

void put_bytes(const void *bytes, size_t length) {
  if (out_len + length > out_size) {
    out_size = (out_len + length) * 2 + 65536;
    out = must_alloc(out, out_size);
  }
  if (length) memcpy(out + out_len, bytes, length);
  out_len += length;
}

void put_u32(uint32_t value) { put_bytes(&value, 4); }
void put_f64(double value) { put_bytes(&value, 8); }

void frame_begin(enum event type) {
  frame_at = out_len;
  put_u32(0);
  uint8_t byte = (uint8_t)type;
  put_bytes(&byte, 1);
}

void frame_end(enum urgency within) {
  uint32_t length = (uint32_t)(out_len - frame_at - 4);
  memcpy(out + frame_at, &length, 4);
  if (within == AT_ONCE) urgent = true;
  else {
    int64_t at = now_us() / 1000 + within;
    if (!due_ms || at < due_ms) due_ms = at;
  }
}

size_t frame_last(const char **bytes) {
  *bytes = out + frame_at;
  return out_len - frame_at;
}

void frame_undo(void) { out_len = frame_at; }

size_t frames_waiting(void) { return out_len - out_sent; }
void frames_urge(void) { urgent = true; }
bool frames_urgent(void) { return urgent && !waiting_for_room; }
int64_t frames_due_ms(void) { return waiting_for_room ? 0 : due_ms; }

static void wait_for_room(bool wanted) {
  if (waiting_for_room == wanted) return;
  struct epoll_event e = {.events = wanted ? EPOLLOUT : 0, .data.u64 = (uint64_t)engine_out};
  epoll_ctl(epoll_fd, wanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, engine_out, &e);
  waiting_for_room = wanted;
}

/* Nobody will ever read what is queued. */
static void drop_frames(void) {
  out_len = out_sent = 0;
  urgent = false, due_ms = 0;
  if (engine_out >= 0) wait_for_room(false);
}

/*
 * Writes all frames at once; what a slow engine does not take stays queued and never holds anybody up. One that is gone is noticed by the end of its requests:
 * those that it still sent are read first.
 */
bool frames_flush(void) {
  while (out_sent < out_len) {
    ssize_t n = deaf ? -1 : write(engine_out, out + out_sent, out_len - out_sent);
    if (n < 0 && !deaf && errno == EINTR) continue;
    if (n < 0 && (deaf || errno != EAGAIN)) {
      deaf = true;
      drop_frames();
      return false;
    }
    if (n < 0) {
      /* What was sent already makes room, so that the queue grows by what is unsent alone. */
      memmove(out, out + out_sent, out_len - out_sent);
      out_len -= out_sent, out_sent = 0;
      wait_for_room(true);
      return true;
    }
    out_sent += (size_t)n;
  }
  out_len = out_sent = 0;
  urgent = false, due_ms = 0;
  wait_for_room(false);
  if (out_size > 1 << 20) free(out), out = NULL, out_size = 0;
  return true;
}

/* From now on requests come from here and frames go there. */
void engine_attach(int in_fd, int out_fd) {
  engine_in = in_fd, engine_out = out_fd;
  deaf = false;
  listen_to(engine_in);
}

/* No engine any more; half a request of its is none. */
void engine_detach(void) {
  drop_frames();
  deaf = true;
  epoll_ctl(epoll_fd, EPOLL_CTL_DEL, engine_in, NULL);
  if (engine_in > STDERR_FILENO) close(engine_in), close(engine_out);
  engine_in = engine_out = -1;
  in_len = 0;
}

/* Reads what the engine sent and hands over each whole frame; 0 at the end of input, else 1. */
int requests_read(void (*handle)(uint32_t type, struct request_reader r)) {
  if (in_size - in_len < 65536) in = must_alloc(in, in_size = in_size * 2 + 131072);
  if (engine_in < 0) return 1;
  ssize_t n = read(engine_in, in + in_len, in_size - in_len);
  if (n < 0) return errno == EAGAIN || errno == EINTR ? 1 : 0;
  if (n == 0) return 0;
  in_len += (size_t)n;
  size_t at = 0;
  while (engine_in >= 0 && in_len - at >= 5) {
    uint32_t length;
    memcpy(&length, in + at, 4);
    if (in_len - at - 4 < length) break;
    const char *body = in + at + 4;
    if (length > 0) handle((uint8_t)body[0], (struct request_reader){body + 1, body + length});
    at += 4 + (size_t)length;
  }
  if (engine_in < 0) return 1;
  memmove(in, in + at, in_len - at);
  in_len -= at;
  return 1;
}
