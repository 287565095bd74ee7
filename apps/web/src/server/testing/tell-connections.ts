import { createSocket, Socket as DatagramSocket } from "node:dgram";
import dns from "node:dns";
import { Socket } from "node:net";

// Loaded before a server: tells its parent of every connection, datagram and name look-up that the process asks for. Unix
// sockets lead to nobody outside of the machine.
type Act = (...args: unknown[]) => unknown;
function told(owner: object, name: string, describe: (args: unknown[]) => string | null): void {
  const methods = owner as Record<string, Act>;
  const original = methods[name] as Act;
  methods[name] = function (this: unknown, ...args: unknown[]) {
    const target = describe(args);
    if (target !== null) process.send?.({ outbound: `${name} ${target}` });
    return original.apply(this, args);
  };
}

const target = (args: unknown[]): string | null => {
  const [first] = args.flat() as [{ path?: string; host?: string; port?: number } | string | number | undefined];
  if (typeof first === "object") return first.path === undefined ? `${first.host ?? "localhost"}:${first.port}` : null;
  return typeof first === "string" && first.startsWith("/") ? null : String(first);
};
told(Socket.prototype, "connect", target);
told(DatagramSocket.prototype, "send", () => "datagram");
for (const name of ["lookup", "resolve", "resolve4", "resolve6", "resolveAny"]) {
  // The address to listen on is looked up, too.
  told(dns, name, ([host]) => (host === "127.0.0.1" ? null : String(host)));
  told(dns.promises, name, ([host]) => (host === "127.0.0.1" ? null : String(host)));
}
process.on("message", (message) => {
  if (message !== "prove that it is seen") return;
  new Socket().on("error", () => {}).connect({ host: "127.0.0.1", port: 1 });
  createSocket("udp4").send("x", 9, "127.0.0.1");
  dns.lookup("localhost", () => {});
  process.send?.({ proved: true });
});
