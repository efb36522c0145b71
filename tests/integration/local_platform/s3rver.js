// Starts the npm package s3rver on a free port: node s3rver.js NODE_MODULES FOLDER; prints the port.
const [modules, directory] = process.argv.slice(2);
const S3rver = require(`${modules}/@20minutes/s3rver`);

new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory })
  .run()
  .then(({ port }) => console.log(port));
process.stdin.on("close", () => process.exit()).resume(); // ends with whoever started it
