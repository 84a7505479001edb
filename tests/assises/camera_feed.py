"""A camera replaced by a picture: a stream drawn from a QR code, which the page cannot tell from a real one."""

from base64 import b64encode

from assises.reads.ticket_drawing import picture_of

FED = """
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  const picture = new Image();
  picture.src = window.fedPicture;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  const context = canvas.getContext("2d");
  setInterval(() => {
    context.fillStyle = "white";
    context.fillRect(0, 0, 640, 480);
    context.drawImage(picture, 170, 90, 300, 300);
  }, 50);
  return canvas.captureStream(20);
};
"""


def held_up(ticket: str) -> str:
    """Return the address of the picture of a ticket: the one that a person received by message."""
    return f"data:image/png;base64,{b64encode(picture_of(ticket)).decode()}"
