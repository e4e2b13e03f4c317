/* Chat server without threads; a message ends with a zero byte. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CLIENTS 200
#define MAX_WAITING (1024 * 1024)

struct buffer {
    char data[MAX_WAITING];
    size_t filled;
};

struct pollfd sockets[1 + MAX_CLIENTS]; /* the first one listens */
struct buffer *inboxes[1 + MAX_CLIENTS], *outboxes[1 + MAX_CLIENTS];
int count = 1;

void add(int client)
{
    if (count == 1 + MAX_CLIENTS) {
        close(client);
        return;
    }
    sockets[count].fd = client;
    sockets[count].events = POLLIN;
    sockets[count].revents = 0;
    inboxes[count] = calloc(1, sizeof(struct buffer));
    outboxes[count] = calloc(1, sizeof(struct buffer));
    count++;
}

void leave(int i)
{
    close(sockets[i].fd);
    free(inboxes[i]);
    free(outboxes[i]);
    count--;
    sockets[i] = sockets[count];
    inboxes[i] = inboxes[count];
    outboxes[i] = outboxes[count];
}

void flush(int i)
{
    struct buffer *out = outboxes[i];
    ssize_t sent = send(sockets[i].fd, out->data, out->filled, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
        out->filled -= sent;
        memmove(out->data, out->data + sent, out->filled);
    }
    sockets[i].events = out->filled > 0 ? POLLIN | POLLOUT : POLLIN;
}

void say(const char *message, size_t length)
{
    for (int i = 1; i < count; i++) {
        struct buffer *out = outboxes[i];
        if (length > MAX_WAITING - out->filled) {
            shutdown(sockets[i].fd, SHUT_RDWR); /* recv will see the end */
            continue;
        }
        memcpy(out->data + out->filled, message, length);
        out->filled += length;
        flush(i);
    }
}

int take(int i)
{
    struct buffer *in = inboxes[i];
    ssize_t received = recv(sockets[i].fd, in->data + in->filled, MAX_WAITING - in->filled, 0);
    if (received <= 0)
        return 0;
    in->filled += received;

    char *begin = in->data, *end;
    while ((end = memchr(begin, '\0', in->data + in->filled - begin)) != NULL) {
        say(begin, end + 1 - begin);
        begin = end + 1;
    }
    in->filled -= begin - in->data;
    memmove(in->data, begin, in->filled);
    return 1;
}

int main(int argc, char **argv)
{
    int on = 1;
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons(argc > 1 ? atoi(argv[1]) : 7000);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockets[0].fd = socket(AF_INET, SOCK_STREAM, 0);
    sockets[0].events = POLLIN;
    setsockopt(sockets[0].fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(sockets[0].fd, (struct sockaddr *)&address, sizeof address) < 0
        || listen(sockets[0].fd, 100) < 0) {
        perror("server");
        return 1;
    }
    while (poll(sockets, count, -1) > 0) {
        for (int i = count - 1; i > 0; i--) {
            if (sockets[i].revents & POLLOUT)
                flush(i);
            if (sockets[i].revents & (POLLIN | POLLHUP | POLLERR) && !take(i))
                leave(i);
        }
        if (sockets[0].revents & POLLIN)
            add(accept(sockets[0].fd, NULL, NULL));
    }
    return 0;
}
