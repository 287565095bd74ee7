import type { AuditVerdict } from "@vpclab/shared/wire/audit-api";
import { z } from "zod";
import { AuditHeadSchema } from "@vpclab/shared/wire/audit";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import { readBody } from "./read-body";
import { sendJson, notFound } from "./respond";
import type { RequestHandler } from "./request-router";
import type { Logger } from "pino";

interface Options {
  /** A link that signs the administrator in. */
  readonly mintSignInUrl: () => Promise<string>;
  /** The first start's link as long as it is needed, then the same. */
  readonly mintFirstUrl: () => Promise<string>;
  readonly verifyAudit: (expected: readonly AuditHead[]) => Promise<AuditVerdict>;
  readonly log: Logger;
}

const ExpectedSchema = z.array(AuditHeadSchema).max(1000);
const BODY_BYTES_MAX = 256 * 1024;

/** The administrator's socket: whoever may open a file of this user may have a sign-in link, and have the audit log verified. */
export function controlApi({ mintSignInUrl, mintFirstUrl, verifyAudit, log }: Options): RequestHandler {
  const ways: { readonly [path: string]: () => Promise<string> } = { "/sign-in": mintSignInUrl, "/link": mintFirstUrl };
  return async (request, response) => {
    if (request.method === "POST" && request.url === "/verify-audit") {
      try {
        const expected = ExpectedSchema.parse(JSON.parse((await readBody(request, BODY_BYTES_MAX)).toString("utf8")));
        return sendJson(response, 200, await verifyAudit(expected));
      } catch (error) {
        log.error({ err: error }, "the audit log could not be verified");
        return sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "The audit log could not be verified; see the server's log." } });
      }
    }
    const mint = Object.hasOwn(ways, request.url ?? "") ? ways[request.url ?? ""] : undefined;
    if (request.method !== "POST" || !mint) return notFound(response);
    try {
      sendJson(response, 200, { url: await mint() });
    } catch (error) {
      log.error({ err: error }, "no sign-in link could be made");
      sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "No sign-in link could be made; see the server's log." } });
    }
  };
}
