# SPDX-FileCopyrightText: The livy-kernel authors
# SPDX-License-Identifier: Apache-2.0
#
#   docker build -t livy-kernel .                     JupyterLab, the kernels and Spark, ready without a network
#   docker run --rm -p 127.0.0.1:8888:8888 livy-kernel
#   docker build --target binary -t livy-kernel:binary .    the program alone; a pipeline's image takes it by
#                                                            COPY --from=livy-kernel:binary /livy-kernel /usr/local/bin/
#
# The base images are named by their full versions. To hold one by its digest too, write IMAGE:TAG@DIGEST with what
#   docker buildx imagetools inspect IMAGE:TAG --format '{{ .Manifest.Digest }}'
# prints.

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /livy-kernel ./cmd/livy-kernel

FROM scratch AS binary
COPY --from=build /livy-kernel /livy-kernel
ENTRYPOINT ["/livy-kernel"]

FROM debian:12.15-slim AS jupyter
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
# Their versions are Debian's, which corrects faults without changing more.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates openjdk-17-jre-headless procps python3 python3-venv tini \
 && rm -rf /var/lib/apt/lists/*
COPY packaging/container/requirements.txt /opt/jupyter/requirements.txt
RUN python3 -m venv /opt/jupyter \
 && /opt/jupyter/bin/pip install --no-cache-dir --disable-pip-version-check --requirement /opt/jupyter/requirements.txt \
 && useradd --create-home --uid 1000 --shell /bin/bash jupyter \
 && install -d -o jupyter -g jupyter /home/jupyter/notebooks /home/jupyter/notebooks/work
ENV PATH=/opt/jupyter/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY --from=build /livy-kernel /usr/local/bin/
COPY --chown=1000:1000 examples/quickstart.ipynb examples/gallery.ipynb examples/fabric.ipynb /home/jupyter/notebooks/
USER 1000
WORKDIR /home/jupyter/notebooks
# The first run of a notebook sets Spark up, so that the image has it, and shows
# that it works.
RUN livy-kernel install \
 && jupyter nbconvert --to notebook --execute --ExecutePreprocessor.kernel_name=livy-local-pyspark --output /tmp/proof.ipynb quickstart.ipynb \
 && rm /tmp/proof.ipynb
EXPOSE 8888
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8888/api', timeout=4)"]
# tini hands SIGTERM to Jupyter, which ends its kernels, and these delete their
# sessions; it also takes in what processes of Spark leave behind.
ENTRYPOINT ["tini", "--"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
