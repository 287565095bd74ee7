-- CreateTable
CREATE TABLE "StageLink" (
    "id" UUID NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "topologyId" UUID NOT NULL,
    "createdById" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "StageLink_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "StageLink_tokenHash_key" ON "StageLink"("tokenHash");

-- CreateIndex
CREATE INDEX "StageLink_topologyId_idx" ON "StageLink"("topologyId");

-- CreateIndex
CREATE INDEX "StageLink_createdById_idx" ON "StageLink"("createdById");

-- AddForeignKey
ALTER TABLE "StageLink" ADD CONSTRAINT "StageLink_topologyId_fkey" FOREIGN KEY ("topologyId") REFERENCES "Topology"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StageLink" ADD CONSTRAINT "StageLink_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
