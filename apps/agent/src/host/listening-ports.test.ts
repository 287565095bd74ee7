import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { listeningPorts } from "./listening-ports";

it("names the ports that programs wait on, and forgets those that were closed", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const [tcp, udp] = [`tcp ${(server.address() as AddressInfo).port}`, `udp ${socket.address().port}`];
  expect([...listeningPorts()]).toEqual(expect.arrayContaining([tcp, udp]));
  await Promise.all([new Promise((resolve) => server.close(resolve)), new Promise<void>((resolve) => socket.close(resolve))]);
  expect([listeningPorts().has(tcp), listeningPorts().has(udp)]).toEqual([false, false]);
});
