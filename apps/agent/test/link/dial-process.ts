import { requestJson } from "../../src/enrol/http-json";
import { parseServerAddress } from "../../src/link/server-address";
import { ServerLink } from "../../src/link/server-link";
import { readIdentity } from "../../src/state/identity";
import { JoinSequence } from "../../src/state/join-sequence";
import { ServerTrust } from "../../src/state/server-trust";
import { RecordingLog } from "./agent-fixture";

/** A process of its own, because Node reads the authorities that it trusts once. Tells what becomes of each address: an enrolment's request, then the link. */
export interface Dialled {
  readonly url: string;
  readonly request: string;
  readonly link: string;
}

const TRIES = 3;

async function link(stateDir: string, url: string): Promise<string> {
  const identity = await readIdentity(stateDir);
  if (!identity) throw new Error("not enrolled");
  const join = await JoinSequence.open(stateDir);
  return new Promise((resolve) => {
    let tries = 0;
    let link: ServerLink | null = null;
    const end = (text: string): void => (link?.stop(), resolve(text));
    class TellingLog extends RecordingLog {
      override warn(text: string): void { this.#tried(text); }
      override debug(text: string): void { this.#tried(text); }
      override info(text: string): void { end(text); }
      #tried(text: string): void {
        if (++tries === TRIES) end(text);
      }
    }
    link = new ServerLink({
      socketUrl: parseServerAddress(url).socketUrl, log: new TellingLog(), delays: { firstMs: 5, ceilingMs: 10 },
      self: { trust: new ServerTrust(stateDir, identity), facts: { mode: "sandbox", kernel: "6.18.0", version: "0.1.0", publicPool: true }, join },
      greeting: () => [{ type: "inventory", topologies: [] }], receive: (_envelope, _session, lastSeq) => Promise.resolve(lastSeq),
    });
    link.start();
  });
}

process.on("message", ({ stateDir, url }: { stateDir: string; url: string }) => {
  void requestJson(parseServerAddress(url), "GET", "/agent/v1/keys").then(({ status }) => String(status), ({ message }: Error) => message)
    .then(async (request) => process.send?.({ url, request, link: await link(stateDir, url) } satisfies Dialled));
});
