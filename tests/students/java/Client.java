// Console client: the main thread waits for the keyboard, another one waits for the server.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

public class Client {
    static final PrintStream screen = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    static void receive(Socket socket) {
        try {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line;
            while ((line = in.readLine()) != null) {
                screen.println(line);
            }
            screen.println("The server has closed the connection.");
        } catch (IOException e) {
            screen.println("The connection is broken: " + e.getMessage());
        }
    }

    public static void main(String[] args) throws IOException {
        Socket socket = new Socket(args[0], Integer.parseInt(args[1]));
        PrintWriter out = new PrintWriter(
                new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8), true);
        out.println(args[2]);

        Thread receiver = new Thread(() -> receive(socket));
        receiver.setDaemon(true);
        receiver.start();

        BufferedReader keyboard = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = keyboard.readLine()) != null) {
            out.println(line);
        }
    }
}
