// Chat server: TcpListener, and for each client a thread that reads and one that writes.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

class Client
{
    const int MaxWaiting = 1024 * 1024;
    static readonly List<Client> clients = new List<Client>();
    static readonly Encoding encoding = new UTF8Encoding(false);

    readonly TcpClient connection;
    readonly BlockingCollection<string> outbox = new BlockingCollection<string>();
    int waiting;
    string name = "?";

    public Client(TcpClient connection)
    {
        this.connection = connection;
    }

    public void Read()
    {
        try
        {
            var reader = new StreamReader(connection.GetStream(), encoding);
            name = reader.ReadLine();
            lock (clients) clients.Add(this);
            string line;
            while ((line = reader.ReadLine()) != null)
                SendToAll(name + ": " + line);
        }
        catch (Exception error) when (error is IOException || error is ObjectDisposedException)
        {
            Console.WriteLine(error.Message);
        }
        lock (clients)
        {
            clients.Remove(this);
            outbox.CompleteAdding();
        }
    }

    public void Write()
    {
        try
        {
            var writer = new StreamWriter(connection.GetStream(), encoding);
            writer.AutoFlush = true;
            foreach (string line in outbox.GetConsumingEnumerable())
            {
                writer.WriteLine(line);
                Interlocked.Add(ref waiting, -line.Length);
            }
        }
        catch (IOException error)
        {
            Console.WriteLine(error.Message);
        }
        connection.Close();
    }

    static void SendToAll(string line)
    {
        lock (clients)
            foreach (Client client in clients)
                client.Send(line);
    }

    void Send(string line)
    {
        outbox.Add(line);
        if (Interlocked.Add(ref waiting, line.Length) > MaxWaiting)
            Disconnect();
    }

    void Disconnect()
    {
        try
        {
            connection.Client.Shutdown(SocketShutdown.Both); // ends his threads
        }
        catch (Exception error)
        {
            Console.WriteLine("He has gone: " + error.Message);
        }
    }
}

class Server
{
    static void Main(string[] args)
    {
        var listener = new TcpListener(IPAddress.Loopback, int.Parse(args[0]));
        listener.Start();
        Console.WriteLine("Waiting for connections");
        while (true)
        {
            var client = new Client(listener.AcceptTcpClient());
            new Thread(client.Read).Start();
            new Thread(client.Write).Start();
        }
    }
}
