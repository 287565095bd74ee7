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

/** An open WebSocket, without anything that answers by itself but for pings. */
export function openSocket(url: string, headers: Record<string, string>): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Code that the other side closes a socket with. */
export const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.on("error", () => {});
    socket.once("close", resolve);
  });
