"""The choices behind `hall.day.decide`, one file a subject. Nothing here changes the day."""
