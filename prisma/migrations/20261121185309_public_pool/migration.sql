-- AlterTable
ALTER TABLE "Host" ADD COLUMN     "publicPool" BOOLEAN NOT NULL DEFAULT false;
