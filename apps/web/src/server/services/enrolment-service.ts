import { AppError } from "@vpclab/shared/errors/app-error";
import { decodePublicKey, keyIdOf } from "@vpclab/shared/wire/public-key";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { EnrolBodySchema, EnrolRequestSchema, PROTOCOL_VERSION } from "@vpclab/shared/wire/messages";
import type { EnrolResponseSchema, ServerKeysSchema } from "@vpclab/shared/wire/messages";
import type { Logger } from "pino";
import type { z } from "zod";
import { verifyKeyFromText } from "../signing/ed25519";
import type { JobKeys } from "../signing/job-key";
import { openEnvelope, peekEnvelope } from "../signing/envelope";
import { isUniqueViolation } from "../store/database";
import type { Database, Tables } from "../store/database";
import { createHost, findLocalHost, hostNameExists, rekeyHost } from "../store/host-store";
import type { HostRow } from "../store/host-store";
import { bindJoinToken, createJoinToken, JOIN_TOKEN_MS, redeemJoinToken } from "../store/join-token-store";
import type { NewJoinToken } from "../store/join-token-store";
import { agentActor, AuditScope } from "./audit-scope";
import { hashOf, newPublicId, newSecret } from "./tokens";

const HOST_NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/;

type EnrolResponse = z.infer<typeof EnrolResponseSchema>;
type EnrolBody = z.infer<typeof EnrolBodySchema>;

/** Lets agents in: a token proves that an administrator wants this host, a signature that the host holds its key. */
export class Enrolment {
  constructor(
    private readonly database: Database,
    private readonly keys: JobKeys,
    private readonly log: Logger,
    /** Called when a host got another key, so that whoever speaks with the old one is cut off. */
    private readonly onRekeyed: (hostId: string) => Promise<void>,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /**
   * `vpcj1.<fingerprint of the job key>.<token id>.<secret>`, valid once, for 15 minutes. The fingerprint lets the agent
   * see that it talks to the right server before it sends the secret.
   */
  async #mint(token: Pick<NewJoinToken, "local" | "hostName" | "mintedById">): Promise<{ token: string; expiresAt: number }> {
    const id = newPublicId();
    const secret = newSecret();
    const expiresAt = this.nowMs() + JOIN_TOKEN_MS;
    await this.database.transaction(async (tables) => {
      await createJoinToken(tables, { ...token, id, secretHash: hashOf(secret), expiresAt: new Date(expiresAt) });
      AuditScope.current()?.noteMade({ kind: "join-token", id, name: token.local ? "for the local host" : token.hostName }, null);
    });
    return { token: `vpcj1.${this.keys.current.key.keyId}.${id}.${secret}`, expiresAt };
  }

  /** For the agent of this machine, which is approved at once. */
  async mintLocalToken(): Promise<string> {
    return (await this.#mint({ local: true, hostName: null, mintedById: null })).token;
  }

  /** For a host that an administrator has named. Throws on a bad name, and CONFLICT when a host has it. */
  async mintTokenFor(name: string, mintedById: string): Promise<{ token: string; expiresAt: number }> {
    if (!HOST_NAME.test(name)) {
      throw AppError.fromIssues([{ severity: "error", code: "NAME_GRAMMAR", path: ["name"], message: "A host's name has letters, digits, dots and dashes, begins with a letter or digit, and is at most 63 characters long." }]);
    }
    if (await hostNameExists(this.database.tables, name)) {
      throw AppError.fromIssues([{ severity: "error", code: "NAME_TAKEN", path: ["name"], message: `There is already a host called “${name}”; choose another name.` }]);
    }
    return this.#mint({ local: false, hostName: name, mintedById });
  }

  async hasLocalHost(): Promise<boolean> {
    const host = await findLocalHost(this.database.tables);
    return host?.state === "approved";
  }

  /** Throws UNAUTHENTICATED whatever is wrong with token or signature: which of them it is helps only a thief. */
  async enrol(input: unknown): Promise<EnrolResponse> {
    const request = EnrolRequestSchema.safeParse(input);
    if (!request.success) throw new AppError("SCHEMA", "This is no enrolment request.");
    const { tokenId, secret, hello } = request.data;
    AuditScope.current()?.noteObject({ kind: "join-token", id: tokenId, name: null }, null);
    const body = peekEnvelope(hello, EnrolBodySchema);
    if (!body.ok || body.value.tokenId !== tokenId || !decodePublicKey(body.value.publicKey).ok) throw refused();
    const proved = openEnvelope(hello, PAYLOAD_TYPE.enrol, verifyKeyFromText(body.value.publicKey), EnrolBodySchema);
    if (!proved.ok) throw refused();
    const host = await this.#admit(tokenId, hashOf(secret), body.value);
    this.log.info({ hostId: host.id, name: host.name, state: host.state }, "a host was enrolled");
    return { agentId: host.id, jobKey: this.keys.current.key.publicKey, state: host.state === "approved" ? "approved" : "pending" };
  }

  /** What an agent sees before it sends anything of its token. */
  get serverKeys(): z.infer<typeof ServerKeysSchema> {
    return { v: PROTOCOL_VERSION, jobKey: this.keys.current.key.publicKey, keySet: this.keys.newest };
  }

  async #admit(tokenId: string, secretHash: string, body: EnrolBody): Promise<HostRow> {
    try {
      const { host, rekeyed } = await this.database.transaction(async (tables) => {
        const token = await redeemJoinToken(tables, { id: tokenId, secretHash, hostName: body.hostName }, new Date(this.nowMs()));
        if (!token) throw refused();
        const earlier = token.local ? await findLocalHost(tables) : null;
        const host = earlier ? await rekeyHost(tables, earlier.id, { publicKey: body.publicKey, mode: body.mode }) : await newHost(tables, body, token);
        await bindJoinToken(tables, tokenId, host.id);
        AuditScope.current()?.noteActor(agentActor(host.id, host.name));
        AuditScope.current()?.noteMade({ kind: "host", id: host.id, name: host.name }, null);
        return { host, rekeyed: earlier !== null };
      });
      if (rekeyed) await this.onRekeyed(host.id);
      return host;
    } catch (error) {
      if (isUniqueViolation(error)) throw refused();
      throw error;
    }
  }
}

async function newHost(tables: Tables, body: EnrolBody, { local, hostName }: Pick<NewJoinToken, "local" | "hostName">): Promise<HostRow> {
  return createHost(tables, {
    name: hostName ?? (await freeHostName(tables, body)), publicKey: body.publicKey, mode: body.mode, state: local ? "approved" : "pending", local,
  });
}

/** The host's own name where it is fit to be shown and not taken, else one with a piece of its key. */
async function freeHostName(tables: Tables, { hostName, publicKey }: EnrolBody): Promise<string> {
  const base = HOST_NAME.test(hostName) ? hostName : "host";
  if (!(await hostNameExists(tables, base))) return base;
  const key = decodePublicKey(publicKey);
  return `${base}-${key.ok ? keyIdOf(key.value).replace(/[^A-Za-z0-9]/g, "").slice(0, 6) : "2"}`;
}

const refused = (): AppError =>
  new AppError("UNAUTHENTICATED", "This join token is not valid here: it was used, has expired, or belongs to another host. Ask for a new one.");
