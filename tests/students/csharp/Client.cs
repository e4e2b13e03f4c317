// Console client: the main thread waits for the keyboard, another one waits for the server.
using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

class Client
{
    static StreamReader reader;

    static void Receive()
    {
        try
        {
            string line;
            while ((line = reader.ReadLine()) != null)
                Console.WriteLine(line);
            Console.WriteLine("The server has closed the connection.");
        }
        catch (IOException error)
        {
            Console.WriteLine("The connection is broken: " + error.Message);
        }
    }

    static void SendMessage(StreamWriter writer, string text)
    {
        writer.WriteLine(text);
        writer.Flush();
    }

    static void Main(string[] args)
    {
        Console.InputEncoding = Console.OutputEncoding = new UTF8Encoding(false);
        var connection = new TcpClient(args[0], int.Parse(args[1]));
        reader = new StreamReader(connection.GetStream(), new UTF8Encoding(false));
        var writer = new StreamWriter(connection.GetStream(), new UTF8Encoding(false));
        SendMessage(writer, args[2]);

        var receiver = new Thread(Receive);
        receiver.IsBackground = true;
        receiver.Start();

        string line;
        while ((line = Console.ReadLine()) != null)
        {
            try
            {
                SendMessage(writer, line);
            }
            catch (IOException)
            {
                Console.WriteLine("Nothing more can be sent.");
            }
        }
    }
}
