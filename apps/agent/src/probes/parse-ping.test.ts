import { describe, expect, it } from "vitest";
import { parsePing } from "./parse-ping";

const HEAD = "PING 10.0.2.2 (10.0.2.2) 56(84) bytes of data.\n";
const stats = (sent: number, received: number, more = "") =>
  `\n--- 10.0.2.2 ping statistics ---\n${sent} packets transmitted, ${received} received,${more} ${100 - (received / sent) * 100}% packet loss, time 402ms\n`;

describe("what ping said", () => {
  it("all came back", () => {
    const text = `${HEAD}64 bytes from 10.0.2.2: icmp_seq=1 ttl=63 time=0.064 ms\n${stats(3, 3)}rtt min/avg/max/mdev = 0.064/0.081/0.099/0.014 ms\n`;
    expect(parsePing(text, "", "10.0.1.2")).toEqual({ sent: 3, received: 3, roundTripMs: 0.081, unreachable: null, problem: null });
  });
  it("nothing came back", () => {
    expect(parsePing(HEAD + stats(3, 0), "", "10.0.1.2")).toEqual({ sent: 3, received: 0, roundTripMs: null, unreachable: null, problem: null });
  });
  it("a router said no", () => {
    const text = `${HEAD}From 10.0.1.1 icmp_seq=1 Destination Net Unreachable\n${stats(3, 0, " +1 errors,")}`;
    expect(parsePing(text, "", "10.0.1.2").unreachable).toBe("10.0.1.1 says Destination Net Unreachable");
  });
  it("nobody answered for the address: the sender's own line is no answer", () => {
    const text = `${HEAD}From 10.0.1.2 icmp_seq=1 Destination Host Unreachable\n${stats(3, 0, " +3 errors,")}`;
    expect(parsePing(text, "", "10.0.1.2").unreachable).toBeNull();
  });
  it("it could not send", () => {
    expect(parsePing("", "ping: connect: Network is unreachable\n", "10.0.1.2").problem).toBe("connect: Network is unreachable");
    expect(parsePing("", "", "10.0.1.2").problem).not.toBeNull();
  });
});
