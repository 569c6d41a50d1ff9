"""Files in the object store."""
import boto3


class Bucket:
    def __init__(self, name: str) -> None:
        self.name = name
        self.s3 = boto3.client("s3")

    def put(self, key: str, body: bytes) -> str:
        self.s3.put_object(Bucket=self.name, Key=key, Body=body)
        return f"s3://{self.name}/{key}"

    def get(self, key: str) -> bytes:
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()


bucket = Bucket("fulfilment-prod")
