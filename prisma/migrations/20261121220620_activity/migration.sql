-- CreateEnum
CREATE TYPE "ActivityOutcome" AS ENUM ('done', 'failed', 'refused');

-- CreateTable
CREATE TABLE "Activity" (
    "id" UUID NOT NULL,
    "hostId" UUID,
    "hostEntryId" TEXT,
    "topologyId" UUID,
    "topologyName" TEXT,
    "revision" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "outcome" "ActivityOutcome" NOT NULL,
    "reason" TEXT,
    "seconds" DOUBLE PRECISION NOT NULL,
    "commands" JSONB NOT NULL,
    "commandCount" INTEGER NOT NULL,
    "commandsLeftOut" INTEGER NOT NULL,

    CONSTRAINT "Activity_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Activity_topologyId_id_idx" ON "Activity"("topologyId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Activity_hostId_hostEntryId_key" ON "Activity"("hostId", "hostEntryId");

-- AddForeignKey
ALTER TABLE "Activity" ADD CONSTRAINT "Activity_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Activity" ADD CONSTRAINT "Activity_topologyId_fkey" FOREIGN KEY ("topologyId") REFERENCES "Topology"("id") ON DELETE CASCADE ON UPDATE CASCADE;
