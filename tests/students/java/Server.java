// Chat server: each client has a thread that reads and a thread that writes.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

public class Server {
    static final int MAX_WAITING = 1024 * 1024; // bytes
    static final byte[] END = new byte[0];
    static final List<Client> clients = new CopyOnWriteArrayList<>();

    static class Client {
        final Socket socket;
        final BlockingQueue<byte[]> outbox = new LinkedBlockingQueue<>();
        final AtomicInteger waiting = new AtomicInteger();
        String name = "?";

        Client(Socket socket) {
            this.socket = socket;
        }

        void read() {
            try {
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                name = in.readLine();
                clients.add(this);
                send("Hello, " + name + "!");
                String line;
                while ((line = in.readLine()) != null) {
                    say(name + ": " + line);
                }
            } catch (IOException e) {
                System.out.println(name + ": " + e.getMessage());
            }
            clients.remove(this);
            outbox.add(END);
        }

        void write() {
            try {
                OutputStream out = socket.getOutputStream();
                byte[] data;
                while ((data = outbox.take()) != END) {
                    out.write(data);
                    waiting.addAndGet(-data.length);
                }
            } catch (IOException | InterruptedException e) {
                System.out.println(name + ": " + e.getMessage());
            }
            close();
        }

        void send(String text) {
            byte[] data = (text + "\n").getBytes(StandardCharsets.UTF_8);
            outbox.add(data);
            if (waiting.addAndGet(data.length) > MAX_WAITING) {
                clients.remove(this);
                close();
            }
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                System.out.println(name + ": " + e.getMessage());
            }
        }
    }

    static synchronized void say(String text) {
        for (Client client : clients) {
            client.send(text);
        }
    }

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        ServerSocket server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        System.out.println("Server started on port " + port);
        while (true) {
            Client client = new Client(server.accept());
            new Thread(client::read).start();
            new Thread(client::write).start();
        }
    }
}
