-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "layout" JSONB,
ADD COLUMN     "summary" TEXT;
