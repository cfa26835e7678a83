"""The greeting and its photos: form, receive, receipt, taking back, erasing, and what is public of it."""
