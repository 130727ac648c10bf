/*
 * Stands between MaxQ and PostgreSQL as a network would: delay-proxy SERVER_PORT DELAY_US listens on a free port of the loopback address, which it prints, and
 * hands on every byte so many µs after it came, in both directions. It ends when its stdin does.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS = 256, CHUNK = 65536 };

struct chunk {
  struct chunk *next;
  int64_t due;
  size_t length, sent;
  char bytes[];
};

/* What goes to a socket; it comes from its peer. Number 0 is stdin, 1 the listener. */
static struct {
  int peer;
  struct chunk *first, **last;
} way[SOCKETS];
static struct pollfd polled[SOCKETS];
static int count = 2;
static int64_t delay_ns;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int tcp(void) {
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0) fail("socket");
  return fd;
}

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void add(int fd, int peer) {
  way[count].peer = peer;
  way[count].first = NULL;
  way[count].last = &way[count].first;
  polled[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static void accept_client(int server_port) {
  struct sockaddr_in address = loopback(server_port);
  int one = 1, client = accept(polled[1].fd, NULL, NULL), server;
  if (client < 0) return;
  if (count + 2 > SOCKETS) fail("too many connections");
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  server = tcp();
  if (connect(server, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  add(client, count + 1);
  add(server, count - 1);
}

/* Reads what has come from a socket and puts it on its way to the peer; at its end both are closed. Numbers are not used again. */
static void receive(int from) {
  int to = way[from].peer;
  struct chunk *c = malloc(sizeof *c + CHUNK);
  ssize_t length = recv(polled[from].fd, c->bytes, CHUNK, MSG_DONTWAIT);
  if (length > 0) {
    c->next = NULL, c->due = now() + delay_ns, c->length = length, c->sent = 0;
    *way[to].last = c;
    way[to].last = &c->next;
    return;
  }
  free(c);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
  close(polled[from].fd);
  close(polled[to].fd);
  polled[from].fd = polled[to].fd = -1;
}

/* Sends what is due; answers when the next is. */
static int64_t deliver(int to, int64_t at) {
  struct chunk *c;
  while (polled[to].fd >= 0 && (c = way[to].first) != NULL) {
    if (c->due > at) return c->due;
    ssize_t sent = send(polled[to].fd, c->bytes + c->sent, c->length - c->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return INT64_MAX; /* its end follows */
    if (sent > 0) c->sent += sent;
    if (c->sent < c->length) return at + 100000; /* full: again in 0.1 ms */
    way[to].first = c->next;
    if (c->next == NULL) way[to].last = &way[to].first;
    free(c);
  }
  return INT64_MAX;
}

int main(int argc, char **argv) {
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (argc != 3) return 2;
  delay_ns = atoll(argv[2]) * 1000;
  prctl(PR_SET_TIMERSLACK, 1000);
  polled[0] = (struct pollfd){.fd = 0, .events = POLLIN};
  polled[1] = (struct pollfd){.fd = tcp(), .events = POLLIN};
  if (bind(polled[1].fd, (struct sockaddr *)&address, size) < 0 || listen(polled[1].fd, 128) < 0) fail("listen");
  getsockname(polled[1].fd, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int64_t at = now(), next = INT64_MAX;
    for (int i = 2; i < count; i++) {
      int64_t due = deliver(i, at);
      if (due < next) next = due;
    }
    at = now();
    int64_t left = next > at ? next - at : 0;
    struct timespec wait = {left / 1000000000, left % 1000000000};
    if (ppoll(polled, count, next == INT64_MAX ? NULL : &wait, NULL) < 0 && errno != EINTR) fail("poll");
    if (polled[0].revents) return 0;
    if (polled[1].revents) accept_client(atoi(argv[1]));
    for (int i = 2; i < count; i++)
      if (polled[i].fd >= 0 && polled[i].revents) receive(i);
  }
}
