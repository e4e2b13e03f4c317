// Chat server; a message is its length (4 bytes, network byte order) and then so many bytes of UTF-8.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

class Client
{
    const int MaxLength = 1024 * 1024;
    const int MaxWaiting = 1024 * 1024;
    static readonly List<Client> clients = new List<Client>();

    readonly TcpClient connection;
    readonly NetworkStream stream;
    readonly BlockingCollection<byte[]> outbox = new BlockingCollection<byte[]>();
    int waiting;

    public Client(TcpClient connection)
    {
        this.connection = connection;
        stream = connection.GetStream();
        lock (clients) clients.Add(this);
    }

    byte[] ReadBytes(int count)
    {
        var data = new byte[count];
        int filled = 0;
        while (filled < count)
        {
            int received = stream.Read(data, filled, count - filled);
            if (received == 0)
                throw new IOException("the end");
            filled += received;
        }
        return data;
    }

    public void Read()
    {
        try
        {
            while (true)
            {
                int length = IPAddress.NetworkToHostOrder(BitConverter.ToInt32(ReadBytes(4), 0));
                if (length < 0 || length > MaxLength)
                    throw new IOException("not a length: " + length);
                SendToAll(ReadBytes(length));
            }
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
            foreach (byte[] text in outbox.GetConsumingEnumerable())
            {
                byte[] length = BitConverter.GetBytes(IPAddress.HostToNetworkOrder(text.Length));
                stream.Write(length, 0, length.Length);
                stream.Write(text, 0, text.Length);
                Interlocked.Add(ref waiting, -text.Length);
            }
        }
        catch (IOException error)
        {
            Console.WriteLine(error.Message);
        }
        connection.Close();
    }

    static void SendToAll(byte[] text)
    {
        lock (clients)
            foreach (Client client in clients)
                client.Send(text);
    }

    void Send(byte[] text)
    {
        outbox.Add(text);
        if (Interlocked.Add(ref waiting, text.Length) > MaxWaiting)
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

class ServerLength
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
