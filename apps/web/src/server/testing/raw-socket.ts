import { WebSocket } from "ws";

/** Opens a WebSocket, sends one frame (null: none) and answers the code that it is closed with. */
export function closeCodeAfter(url: string, frame: string | Buffer | null): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.once("open", () => frame !== null && socket.send(frame));
    socket.once("close", resolve);
    socket.once("error", reject);
  });
}

/** HTTP status that an upgrade is refused with; 101 when it was accepted. */
export function upgradeStatus(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.once("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.once("unexpected-response", (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.once("error", reject);
  });
}
