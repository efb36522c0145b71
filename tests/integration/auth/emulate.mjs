// The npm issuer with people of the test's own, until standard input ends. Prints its address once it answers.
// Usage: node emulate.mjs NODE_MODULES PORT SECRET_KEY

const [modules, port, secret] = process.argv.slice(2);
const { createEmulator } = await import(`${modules}/emulate/dist/api.js`);
const emulator = await createEmulator({
  service: "clerk",
  port: Number(port),
  baseUrl: `http://127.0.0.1:${port}`,
  seed: {
    tokens: { [secret]: { login: "admin", scopes: [] } },
    clerk: {
      users: [
        { clerk_id: "user_ada", email_addresses: ["Ada@Example.com", "second@example.com"] },
        { clerk_id: "user_mallory", email_addresses: ["mallory@example.com", "ada@example.com"] },
      ],
    },
  },
});
console.log(emulator.url);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
