"""A camera replaced by a picture: a stream drawn from a QR code, which the page cannot tell from a real one."""

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
