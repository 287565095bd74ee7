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
  readonly rotateKey: () => Promise<{ version: number }>;
  readonly log: Logger;
}

const ExpectedSchema = z.array(AuditHeadSchema).max(1000);
const BODY_BYTES_MAX = 256 * 1024;

/** The administrator's socket: whoever may open a file of this user may have a sign-in link, and have the audit log verified, and may replace the key that signs jobs. */
export function controlApi({ mintSignInUrl, mintFirstUrl, verifyAudit, rotateKey, log }: Options): RequestHandler {
  const orders: Readonly<Record<string, () => Promise<object>>> = {
    "/sign-in": async () => ({ url: await mintSignInUrl() }),
    "/link": async () => ({ url: await mintFirstUrl() }),
    "/rotate-key": rotateKey,
  };
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
    const order = request.method === "POST" && Object.hasOwn(orders, request.url ?? "") ? orders[request.url ?? ""] : undefined;
    if (!order) return notFound(response);
    try {
      sendJson(response, 200, await order());
    } catch (error) {
      log.error({ err: error, order: request.url }, "an order of the administrator could not be carried out");
      sendJson(response, 500, { error: { code: "INTERNAL", publicMessage: "This could not be done; see the server's log." } });
    }
  };
}
