/*
 * Whose one end of a TCP connection is, by sock_diag(7): the kernel looks it up in its table. /proc/net/tcp tells the same, but prints the table,
 * all of whose buckets are walked for it, 2 ms of CPU where there is much memory.
 */
#include "launcher.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As in linux/netlink.h, sock_diag.h and inet_diag.h, which a C library does not bring. Ports and addresses are in network order. */
enum { SOCK_DIAG = 4, BY_FAMILY = 20, REQUEST = 1, LISTENING = 10 };
struct header { uint32_t length; uint16_t type, flags; uint32_t sequence, port; };
struct ends { uint16_t of_port, to_port; uint32_t of[4], to[4], interface, cookie[2]; };
struct query { struct header header; uint8_t family, protocol, extensions, padding; uint32_t states; struct ends ends; };
struct answer { struct header header; uint8_t family, state, timer, retransmissions; struct ends ends; uint32_t expires, receiving, sending, uid, inode; };

/* One that no process has open any more shows root as its owner, and inode 0. Where no connection fits, the kernel looks for one who listens. */
static uint32_t uid_in(const struct answer *a, ssize_t length) {
  if (length < (ssize_t)sizeof *a || a->header.type != BY_FAMILY) return NOT_KNOWN;
  return a->inode && a->state != LISTENING ? a->uid : NOT_KNOWN;
}

/* The kernel answers before it returns from being asked: nothing here waits. */
static uint32_t uid_of(const struct query *query) {
  struct { struct answer answer; char rest[960]; } got; /* more than there is, or a few attributes are cut off */
  struct sockaddr kernel = {.sa_family = AF_NETLINK};
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, SOCK_DIAG);
  if (fd < 0) return NOT_KNOWN;
  /* A sockaddr_nl is 12 bytes: the family, then zeros. */
  ssize_t sent = sendto(fd, query, sizeof *query, 0, &kernel, 12);
  ssize_t length = sent < 0 ? -1 : recv(fd, &got, sizeof got, 0);
  close(fd);
  return uid_in(&got.answer, length);
}

/* OWNER: number, port of the end in question, port of the other one; then their addresses. */
void owner_tell(struct request_reader r) {
  struct query query = {.header = {.length = sizeof query, .type = BY_FAMILY, .flags = REQUEST}, .protocol = IPPROTO_TCP, .ends.cookie = {~0U, ~0U}};
  uint32_t number = take_u32(&r);
  query.ends.of_port = htons((uint16_t)take_u32(&r));
  query.ends.to_port = htons((uint16_t)take_u32(&r));
  const char *of = take_string(&r), *to = take_string(&r);
  if (!of || !to) return;
  query.family = strchr(of, ':') ? AF_INET6 : AF_INET;
  bool valid = inet_pton(query.family, of, query.ends.of) == 1 && inet_pton(query.family, to, query.ends.to) == 1;
  frame_begin(OWNED);
  put_u32(number);
  put_u32(valid ? uid_of(&query) : NOT_KNOWN);
  frame_end(AT_ONCE);
}
