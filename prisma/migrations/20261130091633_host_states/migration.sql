-- AlterEnum
ALTER TYPE "HostState" ADD VALUE 'locked';

-- AlterTable
ALTER TABLE "Host" ADD COLUMN     "joinOffer" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "joinReset" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "joinSeq" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "lockReason" TEXT,
ADD COLUMN     "version" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "JoinToken" ADD COLUMN     "hostName" TEXT,
ADD COLUMN     "mintedById" UUID;

-- CreateIndex
CREATE INDEX "JoinToken_mintedById_idx" ON "JoinToken"("mintedById");

-- AddForeignKey
ALTER TABLE "JoinToken" ADD CONSTRAINT "JoinToken_mintedById_fkey" FOREIGN KEY ("mintedById") REFERENCES "User"("id") ON DELETE SET NULL ON UPDATE CASCADE;
