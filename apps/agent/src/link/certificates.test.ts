import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { badInputCount } from "@vpclab/shared/testing/bad-input-count";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enrolledStateDir } from "../../test/link/agent-fixture";
import type { ServerCertificate } from "../../test/link/certificate";
import { certificateFor, newAuthority } from "../../test/link/certificate";
import type { Dialled } from "../../test/link/dial-process";
import { FakeServer } from "../../test/link/fake-server";

afterAll(({}, file) => console.info(badInputCount("H", file)));

const TLS_HANDSHAKE = 0x16;
const trusted = newAuthority("an authority of this test");
const CASES: readonly (readonly [string, ServerCertificate, RegExp])[] = [
  ["signed by itself", certificateFor("127.0.0.1", null), /by nobody whom this machine trusts.*NODE_EXTRA_CA_CERTS.*\(DEPTH_ZERO_SELF_SIGNED_CERT\)/],
  ["by an authority that nobody knows", certificateFor("127.0.0.1", newAuthority("somebody")), /by nobody whom this machine trusts.*\(UNABLE_TO_/],
  ["by one with the name of a known authority", certificateFor("127.0.0.1", newAuthority(trusted.name)), /by nobody whom this machine trusts.*\(CERT_SIGNATURE_FAILURE\)/],
  ["that has expired", certificateFor("127.0.0.1", trusted, [-2, -1]), /has expired; renew it/],
  ["that is not valid yet", certificateFor("127.0.0.1", trusted, [1, 2]), /not valid yet; compare the clocks/],
  ["for another name", certificateFor("127.0.0.9", trusted), /for another name.*\(ERR_TLS_CERT_ALTNAME_INVALID\)/],
];

/** B-H14, with E-12's counterpart in server-link.test.ts: a good certificate alone is not enough either. */
describe("a server with a certificate", () => {
  let home: Awaited<ReturnType<typeof enrolledStateDir>>;
  let server: FakeServer;
  let dialler: ChildProcess;
  const closing: Server[] = [];
  beforeAll(async () => {
    home = await enrolledStateDir();
    server = await FakeServer.listen(() => home.identity.agentKey);
    const authorities = join(home.stateDir, "..", "authorities.pem");
    writeFileSync(authorities, trusted.pem);
    dialler = fork(join(import.meta.dirname, "../../test/link/dial-process.ts"), [], { execArgv: ["--import", "tsx"], env: { ...process.env, NODE_EXTRA_CA_CERTS: authorities } });
  });
  afterAll(async () => {
    dialler.kill("SIGKILL");
    for (const one of closing) one.close();
    await server.close();
    await home.remove();
  });

  const listening = async (one: Server): Promise<number> => {
    closing.push(one);
    await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    return (one.address() as AddressInfo).port;
  };
  const serverPort = () => Number(new URL(server.url).port);
  /** Ends TLS before the server. */
  const withTls = (certificate: ServerCertificate): Promise<number> => listening(createTlsServer(certificate, (socket) => {
    const inner = createConnection(serverPort(), "127.0.0.1");
    socket.on("error", () => inner.destroy()).pipe(inner).on("error", () => socket.destroy()).pipe(socket);
  }).on("tlsClientError", () => undefined));
  /** Writes down what comes by each connection on its way to another port. */
  const recorded = async (to: number): Promise<{ port: number; received: Buffer[][] }> => {
    const received: Buffer[][] = [];
    const port = await listening(createServer((socket) => {
      const chunks: Buffer[] = [];
      received.push(chunks);
      const inner = createConnection(to, "127.0.0.1");
      socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => inner.destroy()).pipe(inner).on("error", () => socket.destroy()).pipe(socket);
    }));
    return { port, received };
  };
  const dialled = (url: string): Promise<Dialled> => new Promise((resolve) => {
    dialler.once("message", (told: Dialled) => resolve(told)).send({ stateDir: home.stateDir, url });
  });
  const nothingButTls = (received: readonly Buffer[][]): void => {
    expect(received.length).toBeGreaterThan(3);
    for (const chunks of received) {
      const bytes = Buffer.concat(chunks);
      expect(bytes[0]).toBe(TLS_HANDSHAKE);
      expect(bytes.toString("latin1")).not.toMatch(/GET|Upgrade|agentId/);
    }
  };

  it("that is for it and by a known authority is spoken to", async () => {
    const { port } = await recorded(await withTls(certificateFor("127.0.0.1", trusted)));
    const told = await dialled(`https://127.0.0.1:${port}`);
    expect(told.link).toBe(`connected to wss://127.0.0.1:${port}/agent`);
    expect(told.request).toBe("404");
    expect(server.hellos).toBe(1);
  });

  it.each(CASES)("%s is refused with its reason, and nothing is said to it, encrypted or not", async (_, certificate, words) => {
    const connections = server.connections;
    const { port, received } = await recorded(await withTls(certificate));
    const { request, link } = await dialled(`https://127.0.0.1:${port}`);
    for (const line of [request, link]) expect(line).toMatch(words);
    nothingButTls(received);
    expect(server.connections).toBe(connections);
  });

  it("that speaks no TLS at all is not asked without it: https never becomes http, nor wss ws", async () => {
    const connections = server.connections;
    for (const scheme of ["https", "wss"]) {
      const { port, received } = await recorded(serverPort());
      const { request, link } = await dialled(`${scheme}://127.0.0.1:${port}`);
      for (const line of [request, link]) expect(line).toMatch(/does not speak TLS there/);
      nothingButTls(received);
    }
    expect(server.connections).toBe(connections);
  });
});
