/* Chat server: a thread for each client. Who does not read what is sent to him is disconnected. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CLIENTS 200
#define MAX_LINE (1024 * 1024)

int clients[MAX_CLIENTS];
int count = 0;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int add(int client)
{
    int added = 0;
    pthread_mutex_lock(&lock);
    if (count < MAX_CLIENTS) {
        clients[count++] = client;
        added = 1;
    }
    pthread_mutex_unlock(&lock);
    return added;
}

void leave(int client)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++)
        if (clients[i] == client) {
            clients[i] = clients[--count];
            break;
        }
    pthread_mutex_unlock(&lock);
    close(client);
}

void say(const char *line, size_t length, int author)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < count; i++) {
        if (clients[i] == author)
            continue;
        /* no signal when he has gone, no waiting when his buffer is full */
        ssize_t sent = send(clients[i], line, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent != (ssize_t)length) {
            shutdown(clients[i], SHUT_RDWR); /* his thread sees the end and closes */
            clients[i--] = clients[--count];
        }
    }
    pthread_mutex_unlock(&lock);
}

void *serve(void *argument)
{
    int client = (int)(long)argument;
    size_t filled = 0;
    char *buffer = malloc(MAX_LINE);

    while (buffer != NULL && filled < MAX_LINE) {
        ssize_t received = recv(client, buffer + filled, MAX_LINE - filled, 0);
        if (received <= 0)
            break;
        filled += received;

        size_t begin = 0;
        char *end;
        while ((end = memchr(buffer + begin, '\n', filled - begin)) != NULL) {
            size_t length = end - (buffer + begin) + 1;
            say(buffer + begin, length, client);
            begin += length;
        }
        memmove(buffer, buffer + begin, filled - begin);
        filled -= begin;
    }
    free(buffer);
    leave(client);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s PORT\n", argv[0]);
        return 2;
    }
    int server = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);

    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons(atoi(argv[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) {
        perror("bind");
        return 1;
    }
    listen(server, 100);
    printf("Server is running\n");

    for (;;) {
        int client = accept(server, NULL, NULL);
        if (client < 0)
            continue;
        if (!add(client)) {
            close(client);
            continue;
        }
        pthread_t thread;
        pthread_create(&thread, NULL, serve, (void *)(long)client);
        pthread_detach(thread);
    }
}
