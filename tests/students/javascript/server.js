// Chat server on events: node has no threads to care for.
const net = require('net');

const MAX_WAITING = 1024 * 1024;
const clients = new Set();

function say(line, author) {
  for (const client of clients) {
    if (client === author) continue;
    client.write(line + '\n');
    if (client.writableLength > MAX_WAITING) client.destroy();
  }
}

const server = net.createServer((socket) => {
  let name = '';
  let buffer = '';
  clients.add(socket);
  socket.setEncoding('utf8'); // keeps the bytes of a letter until the last one has come
  socket.on('data', (text) => {
    buffer += text;
    const lines = buffer.split('\n');
    buffer = lines.pop();
    for (const line of lines) {
      if (name) say(name + ': ' + line, socket);
      else name = line;
    }
  });
  socket.on('error', (error) => console.log(error.message));
  socket.on('close', () => clients.delete(socket));
});

server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
