"""Ступень 1: эхо-сервер. Обслуживает по одному клиенту и возвращает каждый байт."""

import contextlib
import socket
import sys

HOST = "127.0.0.1"  # только этот компьютер
port = int(sys.argv[1]) if len(sys.argv) > 1 else 7000

# socket, bind и listen одним вызовом. Слушающий сокет данных не передаёт, а только принимает подключения.
with socket.create_server((HOST, port)) as listener:
    print("Listening on {}:{}".format(*listener.getsockname()), flush=True)
    while True:
        client, address = listener.accept()  # ждёт очередного клиента, возвращает новый сокет для него
        print("connected:", address, flush=True)
        # ConnectionError: клиент оборвал соединение. Сервер от этого завершаться не должен.
        with client, contextlib.suppress(ConnectionError):
            # recv ждёт байтов. Если он вернул ноль байтов, клиент закончил поток.
            while data := client.recv(4096):
                client.sendall(data)
        print("gone:", address, flush=True)
