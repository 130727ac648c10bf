/* What is kept of a script's output: the beginning, and above all the end. Reading never stops, so no script ever blocks. */
#include "launcher.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { FOLLOW_QUEUE = 1 << 20, MOST_IN_A_PIPE = 1 << 20 };
static char chunk[65536];

/* Fills the buffer up to the cap; from then on the part behind the head is a ring. */
static void keep(struct stream *s, const char *bytes, uint32_t n) {
  s->bytes += n;
  if (s->len < s->cap) {
    uint32_t fits = n < s->cap - s->len ? n : s->cap - s->len;
    if (s->len + fits > s->size) {
      uint64_t wanted = ((uint64_t)s->len + fits) * 2;
      s->size = wanted < s->cap ? (uint32_t)wanted : s->cap;
      s->buf = must_alloc(s->buf, s->size);
    }
    memcpy(s->buf + s->len, bytes, fits);
    s->len += fits;
    if (s->len == s->cap) s->pos = s->head;
    bytes += fits, n -= fits;
  }
  uint32_t ring = s->cap - s->head;
  if (n == 0 || ring == 0) return;
  if (n > ring) bytes += n - ring, n = ring;
  uint32_t to_end = s->cap - s->pos, first = n < to_end ? n : to_end;
  memcpy(s->buf + s->pos, bytes, first);
  memcpy(s->buf + s->head, bytes + first, n - first);
  s->pos = first == to_end ? s->head + (n - first) : s->pos + first;
}

/* What is kept of the beginning, and what of the end: `s->len` bytes together. */
void stream_put_head(const struct stream *s) { put_bytes(s->buf, s->len < s->head ? s->len : s->head); }

void stream_put_tail(const struct stream *s) {
  if (s->len <= s->head) return;
  if (s->len < s->cap) {
    put_bytes(s->buf + s->head, s->len - s->head);
    return;
  }
  put_bytes(s->buf + s->pos, s->cap - s->pos);
  put_bytes(s->buf + s->head, s->pos - s->head);
}

static void output_begin(const struct stream *s, uint64_t offset) {
  frame_begin(OUTPUT);
  put_u32(s->script->id);
  put_u32(s->which);
  put_f64((double)offset);
}

/* Live output is dropped for an engine that does not keep up; the captured text is not affected. */
static bool engine_keeps_up(void) { return frames_waiting() <= FOLLOW_QUEUE; }

static void pass_on(const struct stream *s, const char *bytes, size_t n) {
  if (!s->script->follow || !engine_keeps_up()) return;
  output_begin(s, s->bytes - n);
  put_bytes(bytes, n);
  frame_end(AT_ONCE);
}

/* What was written so far, as far as it is kept. A frame at 0 comes in any case: with it, who follows begins. */
static void replay(const struct stream *s) {
  bool whole = engine_keeps_up();
  output_begin(s, 0);
  if (whole) stream_put_head(s);
  frame_end(AT_ONCE);
  if (!whole || s->len <= s->head) return;
  output_begin(s, s->bytes - (s->len - s->head));
  stream_put_tail(s);
  frame_end(AT_ONCE);
}

/* Asked again, it begins again: somebody else listens, too. */
void script_follow(struct script *s, bool wanted) {
  s->follow = wanted;
  if (wanted) replay(&s->out), replay(&s->err);
}

static ssize_t read_once(struct stream *s) {
  ssize_t n = read(s->fd, chunk, sizeof chunk);
  if (n > 0) {
    keep(s, chunk, (uint32_t)n);
    pass_on(s, chunk, (size_t)n);
  }
  return n;
}

void stream_read(struct stream *s) {
  if (s->fd < 0) return;
  ssize_t n = read_once(s);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) stream_close(s);
}

/* After the exit: what is in the pipe now, and no more, so that an escapee that goes on writing holds nothing up. */
void stream_drain(struct stream *s) {
  ssize_t total = 0, n;
  while (s->fd >= 0 && total < MOST_IN_A_PIPE && (n = read_once(s)) > 0) total += n;
  stream_close(s);
}

void stream_close(struct stream *s) {
  if (s->fd < 0) return;
  /* Out of epoll before close: a vforked child can still hold the description, and its event would hit freed memory. */
  epoll_ctl(epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
  close(s->fd);
  s->fd = -1;
}
