/* Console client without threads: poll waits for the keyboard and for the server at once. */
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int send_all(int server, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(server, data, length, MSG_NOSIGNAL);
        if (sent < 0)
            return -1;
        data += sent;
        length -= sent;
    }
    return 0;
}

int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = {0}, *found;
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return -1;
    int server = socket(found->ai_family, found->ai_socktype, 0);
    if (connect(server, found->ai_addr, found->ai_addrlen) < 0)
        return -1;
    freeaddrinfo(found);
    return server;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s HOST PORT NAME\n", argv[0]);
        return 2;
    }
    int server = connect_to(argv[1], argv[2]);
    if (server < 0) {
        perror("connect");
        return 1;
    }
    send_all(server, argv[3], strlen(argv[3]));
    send_all(server, "\n", 1);

    struct pollfd waiting[2] = {{server, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    char data[4096];
    while (poll(waiting, 2, -1) >= 0) {
        if (waiting[0].revents) {
            /* The terminal puts the bytes of a letter together, and the line ends come from the server. */
            ssize_t received = recv(server, data, sizeof data, 0);
            if (received < 0) {
                perror("recv");
                return 1;
            }
            if (received == 0) {
                printf("The server has closed the connection.\n");
                return 0;
            }
            fwrite(data, 1, received, stdout);
            fflush(stdout);
        }
        if (waiting[1].revents) {
            ssize_t typed = read(STDIN_FILENO, data, sizeof data);
            if (typed <= 0)
                return 0;
            if (send_all(server, data, typed) < 0)
                perror("send");
        }
    }
    return 1;
}
