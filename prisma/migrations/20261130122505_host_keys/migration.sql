-- CreateTable
CREATE TABLE "HostKey" (
    "keyId" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "hostId" UUID NOT NULL,
    "replacedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "HostKey_pkey" PRIMARY KEY ("keyId")
);

-- CreateIndex
CREATE INDEX "HostKey_hostId_idx" ON "HostKey"("hostId");

-- AddForeignKey
ALTER TABLE "HostKey" ADD CONSTRAINT "HostKey_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
