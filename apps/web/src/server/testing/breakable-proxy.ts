import { connect, createServer } from "node:net";
import type { Socket } from "node:net";

export interface BreakableProxy {
  readonly origin: string;
  /** Ends every connection, and accepts none until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A way to a port of this machine that can be cut, as a laptop's network is when its lid is closed. */
export async function startBreakableProxy(port: number): Promise<BreakableProxy> {
  const sockets = new Set<Socket>();
  let broken = false;
  const server = createServer((near) => {
    if (broken) return near.destroy();
    const far = connect(port, "127.0.0.1");
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.once("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const cut = () => {
    broken = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    origin: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    cut,
    mend: () => void (broken = false),
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
