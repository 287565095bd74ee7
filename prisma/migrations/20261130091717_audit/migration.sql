-- CreateEnum
CREATE TYPE "AuditOutcome" AS ENUM ('begun', 'done', 'refused', 'failed');

-- CreateTable
CREATE TABLE "AuditEntry" (
    "sequence" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actorName" TEXT,
    "actorRole" TEXT,
    "ip" TEXT,
    "action" TEXT NOT NULL,
    "objectKind" TEXT,
    "objectId" TEXT,
    "objectName" TEXT,
    "revisionBefore" INTEGER,
    "revisionAfter" INTEGER,
    "outcome" "AuditOutcome" NOT NULL,
    "errorCode" TEXT,
    "jobId" TEXT,
    "traceId" TEXT,
    "count" INTEGER NOT NULL,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "AuditHead" (
    "id" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "AuditHead_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditWitness" (
    "hostId" UUID NOT NULL,
    "heads" JSONB NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,
    "fault" JSONB,

    CONSTRAINT "AuditWitness_pkey" PRIMARY KEY ("hostId")
);

-- CreateIndex
CREATE INDEX "AuditEntry_actorName_idx" ON "AuditEntry"("actorName");

-- CreateIndex
CREATE INDEX "AuditEntry_action_idx" ON "AuditEntry"("action");

-- CreateIndex
CREATE INDEX "AuditEntry_objectId_idx" ON "AuditEntry"("objectId");

-- By hand from here: Prisma's schema knows neither triggers nor the first head.

-- The end of an empty chain.
INSERT INTO "AuditHead" ("id", "sequence", "hash") VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION "audit_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

-- An entry goes behind the newest one and nowhere else, and none is large.
CREATE FUNCTION "audit_append"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF octet_length(NEW::text) > 8192 THEN
    RAISE EXCEPTION 'an audit entry has at most 8 KiB' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW."previousHash" IS DISTINCT FROM COALESCE((SELECT "hash" FROM "AuditEntry" WHERE "sequence" = NEW."sequence" - 1), repeat('0', 64))
    OR NEW."sequence" <> COALESCE((SELECT max("sequence") FROM "AuditEntry"), 0) + 1 THEN
    RAISE EXCEPTION 'an audit entry goes behind the newest one' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

-- The head goes forward, to the newest entry.
CREATE FUNCTION "audit_head"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."id" <> OLD."id" OR NEW."sequence" <= OLD."sequence"
    OR NOT EXISTS (SELECT 1 FROM "AuditEntry" WHERE "sequence" = NEW."sequence" AND "hash" = NEW."hash") THEN
    RAISE EXCEPTION 'the head of the audit log goes forward only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "audit_entry_append" BEFORE INSERT ON "AuditEntry" FOR EACH ROW EXECUTE FUNCTION "audit_append"();
CREATE TRIGGER "audit_entry_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditEntry" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
CREATE TRIGGER "audit_head_forward" BEFORE UPDATE ON "AuditHead" FOR EACH ROW EXECUTE FUNCTION "audit_head"();
CREATE TRIGGER "audit_head_change" BEFORE INSERT OR DELETE OR TRUNCATE ON "AuditHead" FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"();
