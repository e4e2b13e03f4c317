// The first chat server of most students: what one call of Read has brought goes to all the others.
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

class FirstServer
{
    static readonly List<TcpClient> clients = new List<TcpClient>();

    static void Serve(TcpClient client)
    {
        NetworkStream stream = client.GetStream();
        byte[] buffer = new byte[1024];
        try
        {
            int count;
            while ((count = stream.Read(buffer, 0, buffer.Length)) > 0)
                SendMessage(client, buffer, count);
        }
        catch (IOException)
        {
            Console.WriteLine("A client has gone");
        }
        lock (clients) clients.Remove(client);
        client.Close();
    }

    static void SendMessage(TcpClient author, byte[] data, int count)
    {
        lock (clients)
            foreach (TcpClient client in clients)
            {
                if (client == author)
                    continue;
                try
                {
                    client.GetStream().Write(data, 0, count);
                }
                catch (Exception)
                {
                    Console.WriteLine("A client cannot be reached");
                }
            }
    }

    static void Main(string[] args)
    {
        TcpListener listener = new TcpListener(IPAddress.Loopback, int.Parse(args[0]));
        listener.Start();
        while (true)
        {
            TcpClient client = listener.AcceptTcpClient();
            lock (clients) clients.Add(client);
            new Thread(() => Serve(client)).Start();
        }
    }
}
