import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, toWireError } from "@vpclab/shared/errors/app-error";
import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import { decodeStrictJson, ENVELOPE_LIMITS } from "@vpclab/shared/wire/strict-json";
import type { Logger } from "pino";
import type { AuditLog } from "../services/audit-log";
import { ANONYMOUS } from "../services/audit-scope";
import type { Enrolment } from "../services/enrolment-service";
import { peerAddress } from "./peer-address";
import { readBody } from "./read-body";
import { notFound, refuseMethod, sendJson } from "./respond";

const BODY_BYTES_MAX = 16 * 1024;
const STATUS: Partial<Record<ErrorCode, number>> = { UNAUTHENTICATED: 401, TOO_LARGE: 413, INTERNAL: 500 };

/** `/agent/v1/…`: what an agent asks before it has a connection. No cookie counts here. */
export class AgentApi {
  constructor(
    private readonly enrolment: Enrolment,
    private readonly auditLog: AuditLog,
    private readonly log: Logger,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === "/agent/v1/keys") {
      if (request.method !== "GET") return refuseMethod(response, "GET");
      return sendJson(response, 200, this.enrolment.serverKeys);
    }
    if (path !== "/agent/v1/enrol") return notFound(response);
    if (request.method !== "POST") return refuseMethod(response, "POST");
    await this.#enrol(request, response);
  }

  async #enrol(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = { action: "host.enrol", actor: ANONYMOUS, ip: peerAddress(request), object: null };
    try {
      const admitted = await this.auditLog.perform(asked, () => this.#admit(request));
      sendJson(response, 200, admitted);
    } catch (error) {
      const wire = toWireError(error, randomUUID());
      if (wire.code === "INTERNAL") this.log.error({ err: error, traceId: wire.traceId }, "an enrolment failed");
      else this.log.warn({ code: wire.code, traceId: wire.traceId }, "an enrolment was refused");
      sendJson(response, STATUS[wire.code] ?? 400, { error: wire });
    }
  }

  async #admit(request: IncomingMessage): Promise<Awaited<ReturnType<Enrolment["enrol"]>>> {
    if (request.headers.cookie !== undefined || request.headers.origin !== undefined) throw new AppError("UNAUTHENTICATED", "Browsers do not enrol.");
    const body = decodeStrictJson(await readBody(request, BODY_BYTES_MAX), ENVELOPE_LIMITS);
    if (!body.ok) throw new AppError(body.error.code, `The request cannot be read: ${body.error.message}.`);
    return this.enrolment.enrol(body.value);
  }
}
