import type { AuditVerdict } from "@vpclab/shared/wire/audit-api";
import { z } from "zod";
import { AuditHeadSchema } from "@vpclab/shared/wire/audit";
import type { AuditHead } from "@vpclab/shared/wire/audit";
import { readBody } from "./read-body";
import { sendJson, notFound } from "./respond";
import type { RequestHandler } from "./request-router";
import type { Logger } from "pino";

interface Options {
  readonly mintSignInUrl: () => Promise<string>;
  readonly verifyAudit: (expected: readonly AuditHead[]) => Promise<AuditVerdict>;
  readonly log: Logger;
}

const ExpectedSchema = z.array(AuditHeadSchema).max(1000);
const BODY_BYTES_MAX = 256 * 1024;

/** The administrator's socket: whoever may open a file of this user may have a sign-in link, and have the audit log verified. */
export function controlApi({ mintSignInUrl, verifyAudit, log }: Options): RequestHandler {
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
    if (request.method !== "POST" || request.url !== "/sign-in") return notFound(response);
    try {
      sendJson(response, 200, { url: await mintSignInUrl() });
    } catch (error) {
      log.error({ err: error }, "no sign-in link could be made");
      sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "No sign-in link could be made; see the server's log." } });
    }
  };
}
