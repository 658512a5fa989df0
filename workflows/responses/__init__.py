"""Responses room: the owner's answer to a nonconformity as a conversation, one question at a time.

It asks what was put right, why it happened and why again, what removes each cause, and how it will show that it worked.
Everything said is a draft of the room of nonconformities, which judges it once it is sent.
"""
