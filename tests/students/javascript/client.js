// Console client: both the keyboard and the server are events.
const net = require('net');
const readline = require('readline');

const [host, port, name] = process.argv.slice(2);
const socket = net.createConnection(Number(port), host, () => socket.write(name + '\n'));

socket.setEncoding('utf8'); // keeps the bytes of a letter until the last one has come
socket.on('data', (text) => process.stdout.write(text));
socket.on('end', () => console.log('The server has closed the connection.'));
socket.on('error', (error) => console.log('The connection is broken: ' + error.message));

const keyboard = readline.createInterface({ input: process.stdin });
keyboard.on('line', (line) => socket.write(line + '\n'));
keyboard.on('close', () => process.exit());
