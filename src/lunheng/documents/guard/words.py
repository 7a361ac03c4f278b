"""What people read of a fault, and what they can do now."""

from lunheng.documents.parsing.faults import Fault

TO_PDF = "用制作软件重新“另存为 PDF”后上传"

WORDS: dict[Fault, tuple[str, str]] = {
    Fault.DAMAGED: ("文件已损坏，或内容与扩展名不符", "在电脑上打开核对后重新导出再上传"),
    Fault.ENCRYPTED: ("文件设有密码或加密", "取消密码后重新上传"),
    Fault.SCRIPT: ("PDF 中含有脚本（JavaScript）", TO_PDF),
    Fault.LAUNCH: ("PDF 中含有启动程序、提交数据或打开外部文件的动作", TO_PDF),
    Fault.LINK: (
        "文件中的链接指向本机、局域网或会执行程序",
        "删除这些链接，或改为以 http、https 开头的网址后上传",
    ),
    Fault.FIELD: (
        "文档中的域或公式会调用外部程序、外部文件或网络数据",
        "在文档中全选后按 Ctrl+Shift+F9 把域转为文字，把公式改为数值，或另存为 PDF 后上传",
    ),
    Fault.EMBEDDED: ("文件中嵌有其他文件", "把嵌入的文件取出单独上传，公式和图表转为图片或另存为 PDF"),
    Fault.MEDIA: ("PDF 中含有音视频或三维对象", "去掉这些对象，" + TO_PDF),
    Fault.FORM: ("PDF 中含有动态表单（XFA）", "打印为普通 PDF 后上传"),
    Fault.TRAILING: ("文件末尾附有其他内容", "重新导出后上传"),
    Fault.MACRO: ("文档中含有宏或控件", "另存为不含宏的 docx 或 xlsx 后上传"),
    Fault.EXTERNAL: ("文档引用了外部模板或外部文件", "断开外部链接，或另存为 PDF 后上传"),
    Fault.ENTITY: ("文档内部含有实体声明", "用办公软件重新另存后上传"),
    Fault.ARCHIVE: ("文档的压缩结构异常", "用办公软件重新另存后上传"),
    Fault.TOO_LARGE: ("文档解压后过大", "压缩其中的图片，或另存为 PDF 后上传"),
    Fault.TOO_COMPLEX: ("文件结构过于复杂，无法在限定的时间和内存内检查", "重新导出，或拆分后上传"),
    Fault.PIXELS: ("图片超过 5000 万像素", "缩小后重新上传"),
    Fault.FRAMES: ("图片含有多帧动画", "截取其中一帧保存为普通图片后上传"),
    Fault.UNFAITHFUL: ("图片转换后与原图不一致，无法安全显示", "用看图软件另存为普通 JPG 或 PNG 后上传"),
    Fault.EMPTY: ("文件中没有任何一页", "核对后重新导出再上传"),
}
